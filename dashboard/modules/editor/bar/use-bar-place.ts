'use client'

import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react'
import {
  type BarPlace,
  nearestPlace,
  nextPlace,
  PLACE_WORDS,
  placeAfterKey,
  readPlace,
  writePlace,
} from './bar-place.ts'

/** Less than this is a press, not a pull. */
const PULL_PX = 6

interface Pull {
  readonly fromX: number
  readonly fromY: number
  readonly byX: number
  readonly byY: number
}

export interface BarMove {
  readonly place: BarPlace
  /** How far it has been pulled from its place, in pixels. */
  readonly offset: { readonly x: number; readonly y: number } | null
  /** Spoken after a move. */
  readonly words: string
  readonly handle: {
    onPointerDown: (event: PointerEvent<HTMLElement>) => void
    onPointerMove: (event: PointerEvent<HTMLElement>) => void
    onPointerUp: (event: PointerEvent<HTMLElement>) => void
    onPointerCancel: () => void
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
    onClick: () => void
  }
}

/** The bar is pulled, stepped with arrow keys, or sent to its next place by a press. */
export function useBarPlace(): BarMove {
  const [place, setPlace] = useState<BarPlace>('bottom-right')
  const [pull, setPull] = useState<Pull | null>(null)
  const [words, setWords] = useState('')
  const wasPulled = useRef(false)
  useEffect(() => setPlace(readPlace(localStorage)), [])

  const move = (next: BarPlace): void => {
    setPlace(next)
    setWords(`Moved to the ${PLACE_WORDS[next]}`)
    writePlace(localStorage, next)
  }
  const isPulled = pull !== null && Math.hypot(pull.byX, pull.byY) >= PULL_PX
  return {
    place,
    offset: isPulled ? { x: pull.byX, y: pull.byY } : null,
    words,
    handle: {
      onPointerDown(event) {
        // Captured, or the frame below would take every move over it.
        event.currentTarget.setPointerCapture(event.pointerId)
        setPull({ fromX: event.clientX, fromY: event.clientY, byX: 0, byY: 0 })
      },
      onPointerMove({ clientX, clientY }) {
        setPull((now) => now && { ...now, byX: clientX - now.fromX, byY: clientY - now.fromY })
      },
      onPointerUp({ clientX: x, clientY: y }) {
        wasPulled.current = isPulled
        setPull(null)
        if (isPulled) move(nearestPlace({ x, y }, { width: innerWidth, height: innerHeight }))
      },
      onPointerCancel: () => setPull(null),
      onKeyDown(event) {
        const next = placeAfterKey(place, event.key)
        if (next === null) return
        event.preventDefault()
        move(next)
      },
      onClick() {
        // The click that ends a pull is not a press.
        if (!wasPulled.current) move(nextPlace(place))
        wasPulled.current = false
      },
    },
  }
}
