'use client'

import { X } from 'lucide-react'
import { useEffect, useEffectEvent, useRef } from 'react'
import { cn } from '../lib/cn.ts'
import { IconButton } from './button.tsx'
import type { ToastMessage } from './toast.tsx'

const DURATION_MS = 6_000

/** Calls once the time is over; what was left of it is kept while it is held. */
function useTimeOut(durationMs: number, isHeld: boolean, onEnd: () => void): void {
  const leftMs = useRef(durationMs)
  const end = useEffectEvent(onEnd)
  useEffect(() => {
    if (isHeld) return
    const startedAt = performance.now()
    const timer = setTimeout(() => end(), leftMs.current)
    return () => {
      clearTimeout(timer)
      leftMs.current -= performance.now() - startedAt
    }
  }, [isHeld])
}

interface ToastCardProps {
  toast: ToastMessage
  /** Someone reads it: its time stands still. */
  isHeld: boolean
  onClose: () => void
}

export function ToastCard({ toast, isHeld, onClose }: ToastCardProps) {
  const { action, tone } = toast
  useTimeOut(toast.durationMs ?? DURATION_MS, isHeld, onClose)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: for whoever is on one of its buttons
    <div
      role={tone === 'bad' ? 'alert' : undefined}
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
      className={cn(
        'pointer-events-auto flex animate-rise items-center gap-3 rounded-md bg-raised',
        'py-2 pr-2 pl-4 shadow-pop',
      )}
    >
      <div className="min-w-0 flex-1 py-1">
        <p className={cn('font-medium', tone === 'bad' && 'text-bad')}>{toast.title}</p>
        {toast.hint && <p className="text-muted text-sm">{toast.hint}</p>}
      </div>
      {action && (
        <button
          type="button"
          onClick={() => {
            action.run()
            onClose()
          }}
          className="h-8 rounded-md px-3 font-medium text-accent hover:bg-hover max-sm:h-10"
        >
          {action.label}
        </button>
      )}
      <IconButton label="Dismiss" onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  )
}
