'use client'

import { X } from 'lucide-react'
import { Toast as Radix } from 'radix-ui'
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react'
import { cn } from '../lib/cn.ts'
import { IconButton } from './button.tsx'

export interface ToastMessage {
  readonly title: string
  readonly hint?: string | null
  readonly tone?: 'plain' | 'bad'
  readonly action?: { readonly label: string; readonly run: () => void }
  readonly durationMs?: number
}

/** Older ones make room: nobody reads a tower of notices. */
const TOASTS_MAX = 3
const DURATION_MS = 6_000

type Shown = ToastMessage & { readonly id: number }
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
  const viewport = useMemo(
    () => (
      <Radix.Viewport
        className={cn(
          // Never over the bar of the editor, which keeps the lower right corner.
          'fixed inset-x-3 top-3 z-[60] flex flex-col gap-2 outline-none',
          'sm:inset-x-auto sm:top-auto sm:bottom-5 sm:left-5 sm:w-[380px]',
        )}
      />
    ),
    [],
  )
  return (
    <ToastContext value={show}>
      <Radix.Provider swipeDirection="left" label="Notice">
        {children}
        {shown.map((toast) => (
          <ToastCard key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
        {viewport}
      </Radix.Provider>
    </ToastContext>
  )
}

function ToastCard({ toast, onClose }: { toast: Shown; onClose: () => void }) {
  const { action } = toast
  return (
    <Radix.Root
      duration={toast.durationMs ?? DURATION_MS}
      onOpenChange={(isOpen) => !isOpen && onClose()}
      className={cn(
        'flex animate-rise items-center gap-3 rounded-md bg-raised py-2 pr-2 pl-4 shadow-pop',
      )}
    >
      <div className="min-w-0 flex-1 py-1">
        <Radix.Title className={cn('font-medium', toast.tone === 'bad' && 'text-bad')}>
          {toast.title}
        </Radix.Title>
        {toast.hint && (
          <Radix.Description className="text-muted text-sm">{toast.hint}</Radix.Description>
        )}
      </div>
      {action && (
        <Radix.Action altText={action.label} asChild>
          <button
            type="button"
            onClick={action.run}
            className="h-8 rounded-md px-3 font-medium text-accent hover:bg-hover"
          >
            {action.label}
          </button>
        </Radix.Action>
      )}
      <Radix.Close asChild>
        <IconButton label="Dismiss">
          <X size={16} aria-hidden />
        </IconButton>
      </Radix.Close>
    </Radix.Root>
  )
}
