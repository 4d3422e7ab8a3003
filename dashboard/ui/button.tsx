import type { ComponentProps } from 'react'
import { cn } from '../lib/cn.ts'
import { Spinner } from './spinner.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'ghost' | 'danger'
export type ButtonSize = 'sm' | 'md'

const VARIANTS: Record<ButtonVariant, string> = {
  primary: 'bg-ink text-inverse hover:opacity-85 active:opacity-75',
  secondary: 'border border-line-strong bg-surface text-ink hover:bg-hover',
  ghost: 'text-muted hover:bg-hover hover:text-ink',
  danger: 'bg-bad-strong text-[#fff] hover:opacity-90',
}
/** On a phone a finger has to hit it: 40 px and more. */
const SIZES: Record<ButtonSize, string> = {
  sm: 'h-8 px-3 text-sm max-sm:h-10',
  md: 'h-9 px-4 text-base max-sm:h-11',
}

export function buttonClass(variant: ButtonVariant, size: ButtonSize = 'md'): string {
  return cn(
    'inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-md font-medium',
    'whitespace-nowrap transition-[background-color,opacity] duration-100',
    'disabled:pointer-events-none disabled:opacity-50',
    VARIANTS[variant],
    SIZES[size],
  )
}

type ButtonProps = ComponentProps<'button'> & {
  variant?: ButtonVariant
  size?: ButtonSize
  /** Shows that the click is being worked on; a second one does nothing. */
  isBusy?: boolean
}

export function Button(props: ButtonProps) {
  const { variant = 'secondary', size = 'md', isBusy = false, className, ...rest } = props
  return (
    <button
      type="button"
      {...rest}
      aria-busy={isBusy || undefined}
      disabled={rest.disabled || isBusy}
      className={cn(buttonClass(variant, size), className)}
    >
      {isBusy && <Spinner />}
      {rest.children}
    </button>
  )
}

type IconButtonProps = ComponentProps<'button'> & { label: string }

/** A square button with an icon; its name is spoken, not shown. */
export function IconButton({ label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      {...rest}
      className={cn(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted',
        'max-sm:size-10',
        'transition-colors duration-100 hover:bg-hover hover:text-ink',
        'data-[state=open]:bg-hover data-[state=open]:text-ink',
        className,
      )}
    />
  )
}
