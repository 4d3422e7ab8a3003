'use client'

import { ArrowDown, Check, Copy } from 'lucide-react'
import { memo, useMemo, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import type { FeedRow, FeedState } from '../../live/feed-reducer.ts'
import { IconButton } from '../../ui/button.tsx'
import { stripAnsi } from './ansi.ts'
import { GapLine, LogLine } from './log-line.tsx'
import { useStickToEnd } from './use-stick-to-end.ts'

/** Rows drawn as one piece: a piece that is complete is never drawn again. */
const CHUNK_ROWS = 100
const COPIED_MS = 1_500

interface Chunk {
  readonly key: number
  readonly rows: readonly FeedRow[]
}

/** Cut by absolute position, so that rows falling away at the top move no other cut. */
function chunksOf({ rows, rowsDropped }: FeedState): Chunk[] {
  const chunks: Chunk[] = []
  let at = 0
  while (at < rows.length) {
    const key = Math.floor((rowsDropped + at) / CHUNK_ROWS)
    const end = (key + 1) * CHUNK_ROWS - rowsDropped
    chunks.push({ key, rows: rows.slice(at, end) })
    at = end
  }
  return chunks
}

const isSameRows = (a: readonly FeedRow[], b: readonly FeedRow[]): boolean =>
  a.length === b.length && a.every((row, index) => row === b[index])

interface LogChunkProps {
  rows: readonly FeedRow[]
  startMs: number
}

const LogChunk = memo(
  function LogChunk({ rows, startMs }: LogChunkProps) {
    return (
      <div className="[contain-intrinsic-size:auto_2000px] [content-visibility:auto]">
        {rows.map((row) =>
          row.kind === 'line' ? (
            <LogLine key={row.key} row={row} startMs={startMs} />
          ) : (
            <GapLine key={row.key} row={row} />
          ),
        )}
      </div>
    )
  },
  (before, after) => before.startMs === after.startMs && isSameRows(before.rows, after.rows),
)

const textOf = (rows: readonly FeedRow[]): string =>
  rows
    .map((row) =>
      row.kind === 'line' ? stripAnsi(row.line.text) : `… ${row.gap.from}–${row.gap.to} missing`,
    )
    .join('\n')

function CopyButton({ feed }: { feed: FeedState }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(textOf(feed.rows))
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_MS)
  }
  return (
    <IconButton
      label={isCopied ? 'Copied' : 'Copy log'}
      className="text-term-dim hover:bg-term-hover hover:text-term-bright"
      disabled={feed.rows.length === 0}
      onClick={() => void copy()}
    >
      {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
    </IconButton>
  )
}

interface BootLogProps {
  feed: FeedState
  startMs: number
  /** More may come: a cursor waits for it. */
  isLive: boolean
  className?: string
}

/** The terminal: what the machine prints, in order, as it comes. */
export function BootLog({ feed, startMs, isLive, className }: BootLogProps) {
  const chunks = useMemo(() => chunksOf(feed), [feed])
  const { box, isAtEnd, jumpToEnd } = useStickToEnd(feed.rows)
  return (
    <section
      aria-label="Machine output"
      className={cn('relative flex min-h-0 flex-col', className)}
    >
      <div className="absolute top-2 right-3 z-10">
        <CopyButton feed={feed} />
      </div>
      <div
        ref={box}
        role="log"
        aria-label="Boot log"
        // Spoken line by line it would drown everything; the step list says what matters.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable
        tabIndex={0}
        className={cn(
          'min-h-0 flex-1 overflow-y-auto p-4 pr-13 font-mono text-sm',
          '[overflow-anchor:none]',
        )}
      >
        {feed.rowsDropped > 0 && (
          <p className="pl-[8ch] text-term-dim">⋯ {feed.rowsDropped} earlier lines not shown</p>
        )}
        {isLive && feed.rows.length === 0 && (
          <p className="mb-1 pl-[8ch] text-term-dim">What the machine says appears here.</p>
        )}
        {chunks.map((chunk) => (
          <LogChunk key={chunk.key} rows={chunk.rows} startMs={startMs} />
        ))}
        {isLive && (
          <span aria-hidden className="ml-[8ch] inline-block h-4 w-2 animate-beat bg-term-text" />
        )}
      </div>
      {!isAtEnd && (
        <button
          type="button"
          onClick={jumpToEnd}
          className={cn(
            'absolute bottom-4 left-1/2 flex h-8 -translate-x-1/2 items-center gap-2 rounded-full',
            'bg-term-text px-3 font-medium text-sm text-term',
          )}
        >
          <ArrowDown size={14} aria-hidden />
          Newest lines
        </button>
      )}
    </section>
  )
}
