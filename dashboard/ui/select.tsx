import type { ComponentProps } from 'react'
import { Field, inputClass } from './field.tsx'

type SelectFieldProps = ComponentProps<'select'> & {
  label: string
  hint?: string
  options: readonly { value: string; label: string }[]
}

/** The browser's own select: best on a phone, and known to every screen reader. */
export function SelectField({ label, hint, options, ...select }: SelectFieldProps) {
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <select {...select} {...ids} className={inputClass}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  )
}
