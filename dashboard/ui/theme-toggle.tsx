'use client'

import { Monitor, Moon, Sun } from 'lucide-react'
import { THEMES, useTheme } from '../lib/use-theme.ts'
import { IconButton } from './button.tsx'

const ICONS = { system: Monitor, light: Sun, dark: Moon }

/** Goes round: as the system says, light, dark. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme()
  const Icon = ICONS[theme]
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'system'
  return (
    <IconButton
      label={`Theme: ${theme}. Change to ${next}`}
      title={`Theme: ${theme}`}
      onClick={() => setTheme(next)}
    >
      <Icon size={16} aria-hidden />
    </IconButton>
  )
}
