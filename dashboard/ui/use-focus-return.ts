'use client'

import { useRef } from 'react'

interface FocusReturn {
  readonly onOpenAutoFocus: () => void
  readonly onCloseAutoFocus: (event: Event) => void
}

/**
 * Gives the focus back to where it was when a dialog opened. Radix gives it to its own trigger, and
 * ours have none: a key, a menu or the palette opens them.
 */
export function useFocusReturn(): FocusReturn {
  const cameFrom = useRef<Element | null>(null)
  return {
    onOpenAutoFocus() {
      cameFrom.current = document.activeElement
    },
    onCloseAutoFocus(event) {
      event.preventDefault()
      const { current } = cameFrom
      // Whatever the answer led to has it already.
      if (document.activeElement !== document.body) return
      if (current instanceof HTMLElement && current.isConnected) current.focus()
    },
  }
}
