'use client'

import { DismissableLayer } from 'radix-ui/internal'
import { useCallback, useEffect, useRef } from 'react'
import { cn } from '../lib/cn.ts'
import type { ToastMessage } from './toast.tsx'
import { ToastCard } from './toast-card.tsx'
import { useHeld } from './use-held.ts'

export type Shown = ToastMessage & { readonly id: number }

interface ToastRegionProps {
  shown: readonly Shown[]
  onClose: (id: number) => void
}

/** F8 leads to the notices from anywhere, and the last one to go gives the focus back. */
function useFocusByKey(count: number) {
  const region = useRef<HTMLElement>(null)
  const cameFrom = useRef<HTMLElement | null>(null)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'F8' || region.current?.contains(document.activeElement)) return
      cameFrom.current = document.activeElement as HTMLElement | null
      region.current?.focus()
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  useEffect(() => {
    if (count > 0 || document.activeElement !== document.body) return
    cameFrom.current?.focus()
    cameFrom.current = null
  }, [count])
  return region
}

/**
 * Notices are part of no stack of layers: Escape closes the dialog or the menu that is open, and a
 * notice with its *Undo* stays. A click on a notice, in turn, closes no dialog: that is the branch.
 */
export function ToastRegion({ shown, onClose }: ToastRegionProps) {
  const region = useFocusByKey(shown.length)
  const { isHeld, handlers } = useHeld()
  const closeFocused = useCallback(
    (id: number) => {
      // The next Tab goes on from here, not from the top of the page.
      if (region.current?.contains(document.activeElement)) region.current.focus()
      onClose(id)
    },
    [onClose, region],
  )
  return (
    <DismissableLayer.Branch asChild>
      <section
        ref={region}
        // F8 moves the focus here.
        tabIndex={-1}
        aria-label="Notices (F8)"
        aria-live="polite"
        aria-relevant="additions text"
        className={cn(
          // Never over the bar of the editor, which keeps the lower right corner.
          'pointer-events-none fixed inset-x-3 top-3 z-[60] flex flex-col gap-2 outline-none',
          'sm:inset-x-auto sm:top-auto sm:bottom-5 sm:left-5 sm:w-[380px]',
        )}
        {...handlers}
      >
        {shown.map((toast) => (
          <ToastCard
            key={toast.id}
            toast={toast}
            isHeld={isHeld}
            onClose={() => closeFocused(toast.id)}
          />
        ))}
      </section>
    </DismissableLayer.Branch>
  )
}
