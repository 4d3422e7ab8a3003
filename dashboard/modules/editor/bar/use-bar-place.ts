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

interface Offset {
  readonly x: number
  readonly y: number
}

export interface BarMove {
  readonly place: BarPlace
  readonly isHeld: boolean
  /** How far it has been pulled from its place, in pixels. */
  readonly offset: Offset | null
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
  const [isHeld, setHeld] = useState(false)
  const [offset, setOffset] = useState<Offset | null>(null)
  const [words, setWords] = useState('')
  /** Where the pull began. Not state: a move and the end of it may come within one drawing. */
  const from = useRef<Offset | null>(null)
  const wasPulled = useRef(false)
  useEffect(() => setPlace(readPlace(localStorage)), [])

  const move = (next: BarPlace): void => {
    setPlace(next)
    setWords(`Moved to the ${PLACE_WORDS[next]}`)
    writePlace(localStorage, next)
  }
  const pulledBy = ({ clientX, clientY }: PointerEvent<HTMLElement>): Offset | null => {
    if (!from.current) return null
    const by = { x: clientX - from.current.x, y: clientY - from.current.y }
    return Math.hypot(by.x, by.y) < PULL_PX ? null : by
  }
  const letGo = (): void => {
    from.current = null
    setHeld(false)
    setOffset(null)
  }
  return {
    place,
    isHeld,
    offset,
    words,
    handle: {
      onPointerDown(event) {
        event.currentTarget.setPointerCapture(event.pointerId)
        from.current = { x: event.clientX, y: event.clientY }
        wasPulled.current = false
        setHeld(true)
      },
      onPointerMove: (event) => setOffset(pulledBy(event)),
      onPointerUp(event) {
        wasPulled.current = pulledBy(event) !== null
        letGo()
        const at = { x: event.clientX, y: event.clientY }
        const screen = { width: innerWidth, height: innerHeight }
        if (wasPulled.current) move(nearestPlace(at, screen))
      },
      onPointerCancel: letGo,
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
        setHeld(true)
      },
    },
  }
}
