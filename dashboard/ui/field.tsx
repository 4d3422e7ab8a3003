'use client'

import { type ComponentProps, type ReactNode, useId } from 'react'
import { cn } from '../lib/cn.ts'

export const inputClass = cn(
  'h-9 w-full rounded-md border border-line-strong bg-surface px-3 text-base text-ink',
  'transition-[border-color] duration-100 hover:border-faint',
  'focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0',
  'aria-invalid:border-bad max-sm:h-11 max-sm:text-lg',
)

interface FieldProps {
  label: string
  hint?: ReactNode
  error?: string | null
  children: (ids: { id: string; 'aria-describedby': string | undefined }) => ReactNode
}

/** A label, its control and what is to be said about it, tied together for screen readers. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId()
  const noteId = `${id}-note`
  const note = error ?? hint
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      {children({ id, 'aria-describedby': note ? noteId : undefined })}
      {note && (
        <div id={noteId} className={cn('text-sm', error ? 'text-bad' : 'text-muted')}>
          {note}
        </div>
      )}
    </div>
  )
}

type TextFieldProps = ComponentProps<'input'> & Omit<FieldProps, 'children'>

export function TextField({ label, hint, error, className, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error ?? null}>
      {(ids) => (
        <input
          {...input}
          {...ids}
          aria-invalid={error ? true : undefined}
          className={cn(inputClass, className)}
        />
      )}
    </Field>
  )
}
