'use client'

import { useCallback, useEffect, useState } from 'react'

export interface Load<T> {
  /** Null: not there yet. What was loaded before stays while it is loaded again. */
  readonly value: T | null
  readonly error: unknown
  readonly reload: () => void
}

/** Loads something when the page opens, and whenever `load` becomes another function. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>): Load<T> {
  const [state, setState] = useState<{ value: T | null; error: unknown }>({
    value: null,
    error: null,
  })
  const [times, setTimes] = useState(0)
  const reload = useCallback(() => setTimes((before) => before + 1), [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: asking again is a change of `times`
  useEffect(() => {
    const controller = new AbortController()
    load(controller.signal).then(
      (value) => !controller.signal.aborted && setState({ value, error: null }),
      (error: unknown) => {
        if (!controller.signal.aborted) setState((before) => ({ ...before, error }))
      },
    )
    return () => controller.abort()
  }, [load, times])
  return { ...state, reload }
}
