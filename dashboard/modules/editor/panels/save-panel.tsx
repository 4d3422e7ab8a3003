'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { type ReactNode, useCallback } from 'react'
import { formatBytes, formatFiles } from '../../../lib/format-bytes.ts'
import { formatAgo } from '../../../lib/format-time.ts'
import { useLoad } from '../../../lib/use-load.ts'
import { Button } from '../../../ui/button.tsx'
import { useClient } from '../../client/client-provider.tsx'
import { keptWords, leftOutWords } from './preview-words.ts'

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

function Names({ names, more }: { names: readonly string[]; more: number }) {
  return (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <code
          key={name}
          title={name}
          className="max-w-full truncate rounded-xs bg-hover px-1.5 font-mono text-xs/5"
        >
          {name}
        </code>
      ))}
      {more > 0 && <span className="text-muted">and {more.toLocaleString('en')} more</span>}
    </span>
  )
}

/** As many as are read at a glance. */
const NAMES_SHOWN = 4

/** What the machine says lies there now; until it has said so, what is always true. */
function Contents({ session, project }: { session: SessionView; project: ProjectView }) {
  const { api } = useClient()
  const load = useCallback(
    (signal: AbortSignal) => api('previewSave', { params: { id: session.id }, signal }),
    [api, session.id],
  )
  const { value, error } = useLoad(load)
  const rules = ['node_modules', ...project.settings.ignore]
  const names = (value?.leftOut ?? rules).slice(0, NAMES_SHOWN)
  const count = value?.leftOutCount ?? rules.length
  return (
    <>
      <Fact name="Saves">
        {value ? (
          keptWords(value)
        ) : (
          <span className={error ? '' : 'text-muted'}>
            {error ? 'Everything in the workspace folder, as it is then.' : 'Counting…'}
          </span>
        )}
      </Fact>
      <Fact name="Leaves out">
        {value && <p className="mb-1">{leftOutWords(value)}</p>}
        <Names names={names} more={count - names.length} />
        {count > 0 && (
          <span className="mt-1 block text-muted">
            by the settings and <code className="font-mono text-xs">.vesselignore</code>
          </span>
        )}
      </Fact>
    </>
  )
}

interface SavePanelProps {
  project: ProjectView
  session: SessionView
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
        <Contents project={project} session={props.session} />
        <Fact name="Last save">
          {savedAt ? formatAgo(savedAt, nowMs) : 'Not in this session yet'}
          {size && (
            <span className="block text-muted">
              {formatBytes(size.bytes)} packed, {formatFiles(size.entries)}
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
