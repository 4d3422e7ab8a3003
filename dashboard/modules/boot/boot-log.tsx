'use client'

import type { SessionId } from '@vessel/proto/ids'
import { ArrowDown } from 'lucide-react'
import { memo, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import type { FeedState } from '../../live/feed-reducer.ts'
import { useShortcuts } from '../projects/use-shortcuts.ts'
import { chunksOf, LogChunk, type RowsShown, WHOLE_ROWS_MAX } from './log-chunks.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import { type Earlier, useEarlier } from './use-earlier.ts'
import { type LogSearch, useLogSearch } from './use-log-search.ts'
import { type StickToEnd, useStickToEnd } from './use-stick-to-end.ts'

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

interface RowsProps {
  shown: RowsShown
  startMs: number
  box: RefObject<HTMLElement | null>
  search: LogSearch
}

/** Every piece of the log; each decides by itself whether it is drawn. */
function Rows({ shown, startMs, box, search }: RowsProps) {
  const chunks = useMemo(() => chunksOf(shown), [shown])
  const isShort = shown.rows.length <= WHOLE_ROWS_MAX
  return chunks.map(({ key, rows }, index) => {
    const { currentRow, text } = search
    const hasCurrent = currentRow !== null && rows.some((row) => row.key === currentRow)
    return (
      <LogChunk
        key={key}
        rows={rows}
        startMs={startMs}
        box={box}
        isAlwaysDrawn={isShort || index >= chunks.length - 2 || hasCurrent}
        search={text}
        currentRow={hasCurrent ? currentRow : null}
      />
    )
  })
}

function NewestButton({ onPress }: { onPress: () => void }) {
  return (
    <button
      type="button"
      onClick={onPress}
      className={cn(
        'absolute bottom-4 left-1/2 flex h-8 -translate-x-1/2 items-center gap-2 rounded-full',
        'bg-term-text px-3 font-medium text-sm text-term max-sm:h-10',
      )}
    >
      <ArrowDown size={14} aria-hidden />
      Newest lines
    </button>
  )
}

/** Brings the found row the reader stands at before their eyes. */
function useShowFound(currentRow: string | null, { box, stay }: StickToEnd): void {
  useEffect(() => {
    if (currentRow === null) return
    stay()
    const found = box.current?.querySelector(`[data-row="${CSS.escape(currentRow)}"]`)
    found?.scrollIntoView({ block: 'center' })
  }, [currentRow, box, stay])
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
  const search = useLogSearch(shown.rows)
  const [isSearching, setSearching] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const stick = useStickToEnd(shown.rows)
  const { box, isAtEnd, jumpToEnd } = stick
  useShortcuts({ '/': () => setSearching(true) })
  useShowFound(search.currentRow, stick)
  useEffect(() => {
    if (isSearching) field.current?.focus()
  }, [isSearching])

  const toNewest = (): void => {
    leavePast()
    jumpToEnd()
  }
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
          'min-h-0 flex-1 overflow-y-auto overflow-x-hidden p-4 font-mono text-sm sm:pr-22',
          // Whoever follows the end is moved by us; whoever reads above is held by the browser.
          isAtEnd && '[overflow-anchor:none]',
        )}
      >
        <EarlierLines earlier={earlier} />
        {isLive && shown.rows.length === 0 && (
          <p className="mb-1 pl-[8ch] text-term-dim">What the machine says appears here.</p>
        )}
        <Rows shown={shown} startMs={startMs} box={box} search={search} />
        {isLive && !isInPast && (
          <span aria-hidden className="ml-[8ch] inline-block h-4 w-2 animate-beat bg-term-text" />
        )}
      </div>
      {(!isAtEnd || isInPast) && <NewestButton onPress={toNewest} />}
    </section>
  )
})
