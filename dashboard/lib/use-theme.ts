'use client'

import { useCallback, useEffect, useState } from 'react'
import { THEME_KEY } from './theme.ts'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Told to every part of the page that shows the theme. */
const CHANGED = 'vessel-theme'

function readTheme(): Theme {
  const stored = localStorage.getItem(THEME_KEY)
  return THEMES.find((theme) => theme === stored) ?? 'system'
}

export function applyTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(THEME_KEY)
    delete document.documentElement.dataset.theme
  } else {
    localStorage.setItem(THEME_KEY, theme)
    document.documentElement.dataset.theme = theme
  }
  window.dispatchEvent(new Event(CHANGED))
}

/** As the system says, light, or dark. */
export function useTheme(): { theme: Theme; setTheme: (theme: Theme) => void } {
  const [theme, setShown] = useState<Theme>('system')
  useEffect(() => {
    const look = (): void => setShown(readTheme())
    look()
    window.addEventListener(CHANGED, look)
    return () => window.removeEventListener(CHANGED, look)
  }, [])
  return { theme, setTheme: useCallback(applyTheme, []) }
}
