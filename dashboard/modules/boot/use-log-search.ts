'use client'

import { useCallback, useEffect, useMemo, useState } from 'react'
import type { FeedRow } from '../../live/feed-reducer.ts'
import { findRows } from './log-search.ts'

export interface LogSearch {
  readonly text: string
  readonly setText: (text: string) => void
  readonly count: number
  /** Which of them the reader stands at, counted from one; 0 while nothing is found. */
  readonly place: number
  readonly currentRow: string | null
  readonly move: (by: 1 | -1) => void
}

/** Searches the lines a page has. The newest that matches comes first, as in a terminal. */
export function useLogSearch(rows: readonly FeedRow[]): LogSearch {
  const [text, setText] = useState('')
  const [current, setCurrent] = useState<string | null>(null)
  const found = useMemo(() => findRows(rows, text), [rows, text])
  // Held by its key, because lines before it may fall away.
  const at = current === null ? -1 : found.indexOf(current)
  const index = at === -1 ? found.length - 1 : at

  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines must not move the reader
  useEffect(() => setCurrent(text === '' ? null : (found.at(-1) ?? null)), [text])
  const move = useCallback(
    (by: 1 | -1) => {
      if (found.length > 0) setCurrent(found[(index + by + found.length) % found.length] ?? null)
    },
    [found, index],
  )
  return {
    text,
    setText,
    count: found.length,
    place: found.length === 0 ? 0 : index + 1,
    currentRow: found[index] ?? null,
    move,
  }
}
