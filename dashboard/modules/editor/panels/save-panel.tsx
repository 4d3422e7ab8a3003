'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { ReactNode } from 'react'
import { formatBytes } from '../../../lib/format-bytes.ts'
import { formatAgo } from '../../../lib/format-time.ts'
import { Button } from '../../../ui/button.tsx'

interface FactProps {
  name: string
  children: ReactNode
}

function Fact({ name, children }: FactProps) {
  return (
    <div className="flex gap-3 text-sm">
      <dt className="w-24 shrink-0 text-muted">{name}</dt>
      <dd className="min-w-0 flex-1">{children}</dd>
    </div>
  )
}

/** As many patterns as are read at a glance. */
const PATTERNS_SHOWN = 4

function Ignored({ patterns }: { patterns: readonly string[] }) {
  const shown = ['node_modules', ...patterns].slice(0, PATTERNS_SHOWN)
  const more = patterns.length + 1 - shown.length
  return (
    <span className="flex flex-wrap gap-1">
      {shown.map((pattern) => (
        <code key={pattern} className="rounded-xs bg-hover px-1.5 font-mono text-xs/5">
          {pattern}
        </code>
      ))}
      {more > 0 && <span className="text-muted">and {more} more</span>}
    </span>
  )
}

interface SavePanelProps {
  project: ProjectView
  savedAt: string | null
  /** Of the newest save known, which is the best guess at the next. */
  size: { readonly bytes: number; readonly entries: number } | null
  nowMs: number
  isLeaving: boolean
  onSave: () => void
  onDiscard: () => void
}

/** What leaving will do, before it is done: what is saved, what is left out, how large it is. */
export function SavePanel(props: SavePanelProps) {
  const { project, savedAt, size, nowMs } = props
  return (
    <>
      <dl className="flex flex-col gap-2">
        <Fact name="Saved">Everything in the workspace folder, as it is then.</Fact>
        <Fact name="Left out">
          <Ignored patterns={project.settings.ignore} />
          <span className="mt-1 block text-muted">
            and what <code className="font-mono text-xs">.vesselignore</code> lists
          </span>
        </Fact>
        <Fact name="Last save">
          {savedAt ? formatAgo(savedAt, nowMs) : 'Not in this session yet'}
          {size && (
            <span className="block text-muted">
              {formatBytes(size.bytes)} packed, {size.entries.toLocaleString('en')} files
              {!savedAt && ', before'}
            </span>
          )}
        </Fact>
      </dl>
      <div className="mt-4 flex justify-end gap-2">
        <Button size="sm" variant="ghost" onClick={props.onDiscard}>
          Discard changes…
        </Button>
        <Button size="sm" variant="primary" isBusy={props.isLeaving} onClick={props.onSave}>
          Save now and exit
        </Button>
      </div>
    </>
  )
}
