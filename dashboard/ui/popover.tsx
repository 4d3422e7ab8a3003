'use client'

import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'

interface PopoverProps {
  trigger: ReactNode
  /** What it is about; shown at its top and spoken when it opens. */
  title: string
  side?: 'top' | 'bottom'
  /** Over something that is dark whatever the theme. */
  isDark?: boolean
  isOpen?: boolean
  onOpenChange?: (isOpen: boolean) => void
  children: ReactNode
}

/** A small panel beside the button that opened it. */
export function Popover(props: PopoverProps) {
  const { trigger, title, side = 'top', isDark = false } = props
  const state = props.isOpen === undefined ? {} : { open: props.isOpen }
  const onChange = props.onOpenChange ? { onOpenChange: props.onOpenChange } : {}
  return (
    <Radix.Root {...state} {...onChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          side={side}
          sideOffset={10}
          collisionPadding={12}
          aria-label={title}
          className={cn(
            'z-40 w-[min(340px,calc(100vw-24px))] animate-pop rounded-lg bg-raised p-4 text-ink',
            'max-h-[var(--radix-popover-content-available-height)] overflow-y-auto shadow-pop',
            'origin-[var(--radix-popover-content-transform-origin)] outline-none',
            isDark && '[color-scheme:dark]',
          )}
        >
          <h2 className="mb-3 font-semibold text-base">{title}</h2>
          {props.children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
