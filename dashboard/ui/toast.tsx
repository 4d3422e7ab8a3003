'use client'

import { createContext, type ReactNode, useCallback, useContext, useState } from 'react'
import { type Shown, ToastRegion } from './toast-region.tsx'

export interface ToastMessage {
  readonly title: string
  readonly hint?: string | null
  readonly tone?: 'plain' | 'bad'
  readonly action?: { readonly label: string; readonly run: () => void }
  readonly durationMs?: number
}

/** Older ones make room: nobody reads a tower of notices. */
const TOASTS_MAX = 3

const ToastContext = createContext<(message: ToastMessage) => void>(() => undefined)

export function useToast(): (message: ToastMessage) => void {
  return useContext(ToastContext)
}

let nextId = 1

export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<readonly Shown[]>([])
  const show = useCallback((message: ToastMessage) => {
    const id = nextId++
    setShown((before) => [...before, { ...message, id }].slice(-TOASTS_MAX))
  }, [])
  const close = useCallback((id: number) => {
    setShown((before) => before.filter((toast) => toast.id !== id))
  }, [])
  return (
    <ToastContext value={show}>
      {children}
      <ToastRegion shown={shown} onClose={close} />
    </ToastContext>
  )
}
