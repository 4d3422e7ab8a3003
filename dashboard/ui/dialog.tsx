'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'
import { IconButton } from './button.tsx'
import { useFocusReturn } from './use-focus-return.ts'

interface DialogProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
  title: string
  /** One sentence under the title; without one the dialog needs none. */
  description?: ReactNode
  /** A dialog that asks for an answer has no cross and does not go away by itself. */
  isAnswerRequired?: boolean
  size?: 'sm' | 'md'
  children: ReactNode
}

const WIDTHS = { sm: 'sm:max-w-[420px]', md: 'sm:max-w-[560px]' }

/** What is most likely wanted first: what asks for it, a field, the first answer. */
const FIRST = [
  '[data-autofocus]',
  'input:not([type="hidden"], [type="radio"]), textarea',
  '[data-dialog-actions] button:not(:disabled)',
]

/** Not the cross: whoever opens a dialog did not come to close it. */
function focusFirst(event: Event): void {
  const box = event.target instanceof HTMLElement ? event.target : null
  const found = FIRST.map((wanted) => box?.querySelector<HTMLElement>(wanted)).find(Boolean)
  if (!found) return
  event.preventDefault()
  found.focus()
}

/** A sheet from below on a phone, a box in the middle elsewhere. */
export function Dialog(props: DialogProps) {
  const { title, description, isAnswerRequired = false, size = 'sm' } = props
  const focus = useFocusReturn()
  const keepOpen = (event: Event): void => {
    if (isAnswerRequired) event.preventDefault()
  }
  return (
    <Radix.Root open={props.isOpen} onOpenChange={props.onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onOpenAutoFocus={(event) => {
            focus.onOpenAutoFocus()
            focusFirst(event)
          }}
          onCloseAutoFocus={focus.onCloseAutoFocus}
          onEscapeKeyDown={keepOpen}
          onInteractOutside={keepOpen}
          className={cn(
            'fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col overflow-y-auto',
            'animate-rise rounded-t-lg bg-raised p-5 shadow-pop outline-none sm:p-6',
            'sm:inset-auto sm:top-[12vh] sm:left-1/2 sm:w-full sm:-translate-x-1/2',
            'sm:max-h-[76vh] sm:rounded-lg',
            WIDTHS[size],
          )}
        >
          <div className="flex items-start justify-between gap-4">
            <Radix.Title className="pt-0.5 font-semibold text-lg">{title}</Radix.Title>
            {!isAnswerRequired && (
              <Radix.Close asChild>
                <IconButton label="Close" className="-mt-1 -mr-2">
                  <X size={16} aria-hidden />
                </IconButton>
              </Radix.Close>
            )}
          </div>
          {description !== undefined && (
            <Radix.Description className="mt-1 text-muted">{description}</Radix.Description>
          )}
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** Answers at the lower end of a dialog, the safe one first for the keyboard. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <div
      data-dialog-actions
      className="mt-6 flex flex-col-reverse gap-2 sm:flex-row sm:justify-end"
    >
      {children}
    </div>
  )
}
