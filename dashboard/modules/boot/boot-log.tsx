'use client'

import type { SessionId } from '@vessel/proto/ids'
import { ArrowDown } from 'lucide-react'
import { memo, useEffect, useMemo, useRef, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import type { FeedState } from '../../live/feed-reducer.ts'
import { useShortcuts } from '../projects/use-shortcuts.ts'
import { chunksOf, LogChunk, WHOLE_ROWS_MAX } from './log-chunks.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import { type Earlier, useEarlier } from './use-earlier.ts'
import { useLogSearch } from './use-log-search.ts'
import { useStickToEnd } from './use-stick-to-end.ts'

function EarlierLines({ earlier }: { earlier: Earlier }) {
  const { shown, isLoading, hasFailed, load } = earlier
  if (shown.rowsDropped === 0) return null
  return (
    <p className="mb-2 flex flex-wrap items-center gap-x-3 pl-[8ch] text-term-dim">
      <span>⋯ {shown.rowsDropped.toLocaleString('en')} earlier lines</span>
      <button
        type="button"
        disabled={isLoading}
        onClick={load}
        className="rounded-xs text-term-text underline underline-offset-4 hover:text-term-bright"
      >
        {isLoading ? 'Loading' : 'Load earlier'}
      </button>
      {hasFailed && <span role="alert">The server does not have them any more.</span>}
    </p>
  )
}

interface BootLogProps {
  session: SessionId
  feed: FeedState
  startMs: number
  /** More may come: a cursor waits for it. */
  isLive: boolean
  className?: string
}

/** The terminal: what the machine prints, in order, as it comes. */
export const BootLog = memo(function BootLog(props: BootLogProps) {
  const { session, feed, startMs, isLive, className } = props
  const earlier = useEarlier(session, feed)
  const { shown, isInPast, leavePast } = earlier
  const chunks = useMemo(() => chunksOf(shown), [shown])
  const search = useLogSearch(shown.rows)
  const [isSearching, setSearching] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const { box, isAtEnd, jumpToEnd, stay } = useStickToEnd(shown.rows)
  useShortcuts({ '/': () => setSearching(true) })

  useEffect(() => {
    if (isSearching) field.current?.focus()
  }, [isSearching])
  const { currentRow } = search
  useEffect(() => {
    if (currentRow === null) return
    stay()
    const found = box.current?.querySelector(`[data-row="${CSS.escape(currentRow)}"]`)
    found?.scrollIntoView({ block: 'center' })
  }, [currentRow, box, stay])

  return (
    <section
      aria-label="Machine output"
      className={cn('relative flex min-h-0 min-w-0 flex-col', className)}
    >
      <LogToolbar
        field={field}
        rows={shown.rows}
        search={search}
        isSearching={isSearching}
        onSearching={setSearching}
      />
      <div
        ref={box}
        role="log"
        aria-label="Boot log"
        // Spoken line by line it would drown everything; the step list says what matters.
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable
        tabIndex={0}
        className={cn(
          'min-h-0 flex-1 overflow-y-auto overflow-x-hidden p-4 pr-22 font-mono text-sm',
          // Whoever follows the end is moved by us; whoever reads above is held by the browser.
          isAtEnd && '[overflow-anchor:none]',
        )}
      >
        <EarlierLines earlier={earlier} />
        {isLive && shown.rows.length === 0 && (
          <p className="mb-1 pl-[8ch] text-term-dim">What the machine says appears here.</p>
        )}
        {chunks.map((chunk, index) => (
          <LogChunk
            key={chunk.key}
            rows={chunk.rows}
            startMs={startMs}
            box={box}
            isAlwaysDrawn={
              shown.rows.length <= WHOLE_ROWS_MAX ||
              index >= chunks.length - 2 ||
              (currentRow !== null && chunk.rows.some(({ key }) => key === currentRow))
            }
            search={search.text}
            currentRow={chunk.rows.some(({ key }) => key === currentRow) ? currentRow : null}
          />
        ))}
        {isLive && !isInPast && (
          <span aria-hidden className="ml-[8ch] inline-block h-4 w-2 animate-beat bg-term-text" />
        )}
      </div>
      {(!isAtEnd || isInPast) && (
        <button
          type="button"
          onClick={() => {
            leavePast()
            jumpToEnd()
          }}
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
})
