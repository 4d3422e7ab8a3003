'use client'

import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

/** This near to the end counts as being there. */
const NEAR_PX = 40
const KEYS_UP = new Set(['ArrowUp', 'PageUp', 'Home'])

export interface StickToEnd {
  readonly box: RefObject<HTMLDivElement | null>
  readonly isAtEnd: boolean
  readonly jumpToEnd: () => void
  /** Stops following: the reader was taken elsewhere. */
  readonly stay: () => void
}

const isNearEnd = (box: HTMLDivElement): boolean =>
  box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX

/**
 * Calls back when the reader means to go up. Their hand is listened to, not the scroll position:
 * in a fast log that has moved on before the browser tells of it.
 */
function onReaderUp(box: HTMLDivElement, yieldTo: () => void): () => void {
  const listening = new AbortController()
  const options = { passive: true, signal: listening.signal }
  box.addEventListener('wheel', (event) => event.deltaY < 0 && yieldTo(), options)
  box.addEventListener('touchmove', yieldTo, options)
  box.addEventListener('keydown', (event) => KEYS_UP.has(event.key) && yieldTo(), options)
  // A press on the box itself, and on nothing in it, is a press on its scroll bar.
  const onPress = (event: PointerEvent): void => {
    if (event.target === box) yieldTo()
  }
  box.addEventListener('pointerdown', onPress, options)
  return () => listening.abort()
}

/** Keeps a box at its end while it grows, until the reader scrolls up; then it stays put. */
export function useStickToEnd(content: unknown): StickToEnd {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const [isAtEnd, setAtEnd] = useState(true)

  const follow = useCallback((isFollowing: boolean) => {
    follows.current = isFollowing
    setAtEnd(isFollowing)
  }, [])
  const toEnd = useCallback(() => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: growth is what it waits for
  useLayoutEffect(() => {
    if (follows.current) toEnd()
  }, [content, toEnd])

  useEffect(() => {
    const element = box.current
    if (!element) return
    const stop = onReaderUp(element, () => follow(false))
    // Whoever has come back to the end wants to be kept there.
    const onScroll = (): void => {
      if (isNearEnd(element)) follow(true)
    }
    element.addEventListener('scrollend', onScroll, { passive: true })
    return () => {
      stop()
      element.removeEventListener('scrollend', onScroll)
    }
  }, [follow])

  const jumpToEnd = useCallback(() => {
    follow(true)
    toEnd()
  }, [follow, toEnd])

  const stay = useCallback(() => {
    const element = box.current
    // In a log that fits there is nowhere else to be.
    const canScroll = element && element.scrollHeight - element.clientHeight > NEAR_PX
    if (canScroll) follow(false)
  }, [follow])

  return { box, isAtEnd, jumpToEnd, stay }
}
