'use client'

import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react'

/** This near to the end counts as being there. */
const NEAR_PX = 40

export interface StickToEnd {
  readonly box: RefObject<HTMLDivElement | null>
  readonly isAtEnd: boolean
  readonly onScroll: () => void
  readonly jumpToEnd: () => void
}

/** Keeps a box at its end while it grows, until the reader scrolls up; then it stays put. */
export function useStickToEnd(content: unknown): StickToEnd {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const lastTop = useRef(0)
  const [isAtEnd, setAtEnd] = useState(true)

  const toEnd = useCallback(() => {
    const element = box.current
    if (element) element.scrollTop = element.scrollHeight
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: growth is what it waits for
  useLayoutEffect(() => {
    if (follows.current) toEnd()
  }, [content, toEnd])

  const onScroll = useCallback(() => {
    const element = box.current
    if (!element) return
    const isNear = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX
    // Only a move upwards is the reader's; growth below may leave the end behind for a moment.
    if (isNear) follows.current = true
    else if (element.scrollTop < lastTop.current) follows.current = false
    lastTop.current = element.scrollTop
    setAtEnd(follows.current)
  }, [])

  const jumpToEnd = useCallback(() => {
    follows.current = true
    setAtEnd(true)
    toEnd()
  }, [toEnd])

  return { box, isAtEnd, onScroll, jumpToEnd }
}
