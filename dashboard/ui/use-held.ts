'use client'

import { type FocusEvent, useEffect, useMemo, useState } from 'react'

/** True while someone is at a thing with pointer or focus, or is not there to see it at all. */
export function useHeld() {
  const [isPointed, setPointed] = useState(false)
  const [isFocused, setFocused] = useState(false)
  const [isAway, setAway] = useState(false)
  useEffect(() => {
    const look = (): void => setAway(document.visibilityState !== 'visible')
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  const handlers = useMemo(
    () => ({
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: (event: FocusEvent<HTMLElement>) =>
        setFocused(event.currentTarget.contains(event.relatedTarget)),
    }),
    [],
  )
  return { isHeld: isPointed || isFocused || isAway, handlers }
}
