import { ChevronDown } from 'lucide-react'
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
        <span className="relative block">
          <select {...select} {...ids} className={`${inputClass} appearance-none pr-9`}>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            size={16}
            aria-hidden
            className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-muted"
          />
        </span>
      )}
    </Field>
  )
}
