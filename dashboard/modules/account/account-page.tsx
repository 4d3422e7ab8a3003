'use client'

import { type ReactNode, useId } from 'react'
import { cn } from '../../lib/cn.ts'
import { THEMES, type Theme, useTheme } from '../../lib/use-theme.ts'
import { panelClass } from '../../ui/panel-frame.tsx'
import { useAuthState } from '../client/client-provider.tsx'
import { DevicesPanel } from './devices-panel.tsx'
import { PasswordForm } from './password-form.tsx'
import { TokensPanel } from './tokens-panel.tsx'

const THEME_WORDS: Record<Theme, string> = { system: 'As the system', light: 'Light', dark: 'Dark' }

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="mt-10">
      <h2 className="mb-3 font-semibold text-lg">{title}</h2>
      {children}
    </section>
  )
}

function ThemeChoice() {
  const { theme, setTheme } = useTheme()
  const name = useId()
  return (
    <fieldset className={`${panelClass} flex flex-wrap gap-2 p-4 sm:p-5`}>
      <legend className="sr-only">Theme</legend>
      {THEMES.map((one) => (
        <label
          key={one}
          className={cn(
            'relative flex h-9 cursor-pointer items-center rounded-md border px-4 font-medium',
            'max-sm:h-11',
            'has-focus-visible:outline-2 has-focus-visible:outline-accent',
            'has-focus-visible:outline-offset-2',
            one === theme ? 'border-accent bg-accent-soft/50' : 'border-line-strong',
          )}
        >
          <input
            type="radio"
            name={name}
            checked={one === theme}
            onChange={() => setTheme(one)}
            className="absolute inset-0 cursor-pointer appearance-none rounded-md outline-none"
          />
          {THEME_WORDS[one]}
        </label>
      ))}
    </fieldset>
  )
}

/** What is one's own and not a project's. */
export function AccountPage() {
  const { person } = useAuthState()
  const email = person?.email ?? ''
  return (
    <div className="mx-auto max-w-[820px]">
      <h1 className="font-semibold text-2xl tracking-tight">Account</h1>
      <p className="mt-1 text-muted">{email}</p>
      <Section title="Devices">
        <DevicesPanel />
      </Section>
      <Section title="API tokens">
        <TokensPanel />
      </Section>
      <Section title="Password">
        <PasswordForm email={email} />
      </Section>
      <Section title="Theme">
        <ThemeChoice />
      </Section>
    </div>
  )
}
