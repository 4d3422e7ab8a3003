'use client'

import { memo, type RefObject, useEffect, useRef, useState } from 'react'
import type { FeedRow } from '../../live/feed-reducer.ts'
import { GapLine, LogLine } from './log-line.tsx'

/** Rows drawn as one piece: a piece that is complete is never drawn again. */
const CHUNK_ROWS = 100
/** A row that is not broken, which most are not. */
const ROW_PX = 20
/**
 * A log no longer than this is in the page whole, for the browser's own search, for selecting all
 * of it, and for screen readers. Beyond it only what is near the reader is drawn.
 */
export const WHOLE_ROWS_MAX = 1_000
/** Drawn ahead in both directions, so that scrolling meets no empty space. */
const AHEAD_PX = 1_200

export interface Chunk {
  readonly key: number
  readonly rows: readonly FeedRow[]
}

export interface RowsShown {
  readonly rows: readonly FeedRow[]
  /** How many came before the first of them. */
  readonly rowsDropped: number
}

/** Cut by absolute position, so that rows falling away at the top move no other cut. */
export function chunksOf({ rows, rowsDropped }: RowsShown): Chunk[] {
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

/** Whether a piece is near what is looked at; told by the browser, not by counting pixels. */
function useIsNear(piece: RefObject<HTMLElement | null>, box: RefObject<HTMLElement | null>) {
  const [isNear, setNear] = useState(false)
  useEffect(() => {
    const element = piece.current
    if (!element) return
    const observer = new IntersectionObserver(([entry]) => entry && setNear(entry.isIntersecting), {
      root: box.current,
      rootMargin: `${AHEAD_PX}px 0px`,
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [piece, box])
  return isNear
}

interface LogChunkProps {
  rows: readonly FeedRow[]
  startMs: number
  box: RefObject<HTMLElement | null>
  /** Drawn wherever it is: the newest rows, those of a short log, and the one searched for. */
  isAlwaysDrawn: boolean
  search: string
  /** Null unless the found row the reader stands at is in here. */
  currentRow: string | null
}

export const LogChunk = memo(
  function LogChunk(props: LogChunkProps) {
    const { rows, startMs, box, isAlwaysDrawn, search, currentRow } = props
    const piece = useRef<HTMLDivElement>(null)
    const heightPx = useRef<number | null>(null)
    const isNear = useIsNear(piece, box)
    const isDrawn = isNear || isAlwaysDrawn

    useEffect(() => {
      // Its own height keeps its place once it is no longer drawn.
      if (isDrawn && piece.current) heightPx.current = piece.current.offsetHeight
    })
    const height = isDrawn ? undefined : (heightPx.current ?? rows.length * ROW_PX)
    return (
      <div ref={piece} style={{ height }}>
        {isDrawn &&
          rows.map((row) =>
            row.kind === 'line' ? (
              <LogLine
                key={row.key}
                row={row}
                startMs={startMs}
                search={search}
                isCurrent={row.key === currentRow}
              />
            ) : (
              <GapLine key={row.key} row={row} />
            ),
          )}
      </div>
    )
  },
  (before, after) =>
    before.startMs === after.startMs &&
    before.isAlwaysDrawn === after.isAlwaysDrawn &&
    before.search === after.search &&
    before.currentRow === after.currentRow &&
    isSameRows(before.rows, after.rows),
)
