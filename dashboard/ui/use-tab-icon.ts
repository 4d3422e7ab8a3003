'use client'

import { useEffect } from 'react'
import type { BadgeTone } from './badge.tsx'
import { MARK } from './logo.tsx'

/** A picture knows no tokens: the colour is read where it was resolved. */
function colourOf(tone: BadgeTone): string {
  const probe = document.createElement('i')
  probe.style.color = `var(--color-${tone}-dot)`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}

function iconWith(colour: string): string {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><style>path{fill:#17181b}
@media (prefers-color-scheme:dark){path{fill:#eeeff1}}</style><path d="${MARK.hull}"/>
<path d="${MARK.mainsail}"/><circle cx="18" cy="7" r="6" fill="${colour}"/></svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** A dot on the icon of the tab, for who waits in another one. Null: the icon as it always is. */
export function useTabIcon(tone: BadgeTone | null): void {
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
    if (!link || tone === null) return
    const usual = link.href
    link.href = iconWith(colourOf(tone))
    return () => {
      link.href = usual
    }
  }, [tone])
}
