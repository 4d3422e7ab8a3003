'use client'

import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { Field, inputClass, TextField } from '../../ui/field.tsx'

/** Supabase's own floor is 6; eight is what people are told everywhere. */
export const PASSWORD_LENGTH_MIN = 8

export function EmailField({ defaultValue }: { defaultValue?: string }) {
  return (
    <TextField
      label="Email"
      name="email"
      type="email"
      autoComplete="email"
      inputMode="email"
      autoCapitalize="none"
      spellCheck={false}
      required
      maxLength={254}
      {...(defaultValue === undefined ? {} : { defaultValue })}
    />
  )
}

interface PasswordFieldProps {
  label?: string
  isNew?: boolean
  hint?: ReactNode
  autoFocus?: boolean
}

export function PasswordField(props: PasswordFieldProps) {
  const { label = 'Password', isNew = false, hint } = props
  const [isShown, setShown] = useState(false)
  const Icon = isShown ? EyeOff : Eye
  return (
    <Field label={label} hint={hint}>
      {(ids) => (
        <div className="relative">
          <input
            {...ids}
            name="password"
            type={isShown ? 'text' : 'password'}
            autoComplete={isNew ? 'new-password' : 'current-password'}
            // biome-ignore lint/a11y/noAutofocus: the one field of a dialog that asks for it
            autoFocus={props.autoFocus}
            required
            minLength={isNew ? PASSWORD_LENGTH_MIN : undefined}
            maxLength={72}
            className={`${inputClass} pr-10`}
          />
          <IconButton
            label={isShown ? 'Hide characters' : 'Show characters'}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
            className="absolute top-1/2 right-0.5 -translate-y-1/2"
          >
            <Icon size={16} aria-hidden />
          </IconButton>
        </div>
      )}
    </Field>
  )
}
