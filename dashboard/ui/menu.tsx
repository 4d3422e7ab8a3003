'use client'

import { DropdownMenu as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'

interface MenuProps {
  trigger: ReactNode
  align?: 'start' | 'end'
  side?: 'top' | 'bottom'
  /** Over something that is dark whatever the theme. */
  isDark?: boolean
  children: ReactNode
}

export function Menu(props: MenuProps) {
  const { trigger, align = 'end', side = 'bottom', isDark = false, children } = props
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className={cn(
            'z-50 min-w-[190px] animate-pop rounded-md bg-raised p-1 shadow-pop outline-none',
            'origin-[var(--radix-dropdown-menu-content-transform-origin)]',
            isDark && '[color-scheme:dark]',
          )}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const itemClass = (isDanger: boolean): string =>
  cn(
    'flex min-h-8 items-center gap-2.5 rounded-sm px-2.5 text-base outline-none max-sm:min-h-11',
    'data-[disabled]:pointer-events-none data-[disabled]:opacity-45',
    'data-[highlighted]:bg-hover',
    isDanger ? 'text-bad' : 'text-ink',
  )

/** Before the menu is gone: a dialog that an item opens then knows where to give the focus back. */
function focusTrigger(event: Event): void {
  const item = event.currentTarget instanceof Element ? event.currentTarget : null
  const triggerId = item?.closest('[role="menu"]')?.getAttribute('aria-labelledby')
  if (triggerId) document.getElementById(triggerId)?.focus()
}

interface MenuItemProps {
  icon?: ReactNode
  isDanger?: boolean
  isDisabled?: boolean
  onSelect: () => void
  children: ReactNode
}

export function MenuItem(props: MenuItemProps) {
  const { icon, isDanger = false, isDisabled = false } = props
  return (
    <Radix.Item
      className={itemClass(isDanger)}
      disabled={isDisabled}
      onSelect={(event) => {
        focusTrigger(event)
        props.onSelect()
      }}
    >
      {icon && <span className="text-muted [&>svg]:size-4">{icon}</span>}
      {props.children}
    </Radix.Item>
  )
}

/** An item that leads somewhere: `children` is the link. */
export function MenuLink({ children }: { children: ReactNode }) {
  return (
    <Radix.Item asChild className={itemClass(false)}>
      {children}
    </Radix.Item>
  )
}

export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2.5 py-1.5 text-muted text-xs">{children}</Radix.Label>
}
