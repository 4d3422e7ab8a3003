'use client'

import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { useWish } from '../client/use-wish.ts'

/** Fetched with the first use of it. */
const PaletteDialog = dynamic(
  () => import('./palette-dialog.tsx').then((module) => module.PaletteDialog),
  { ssr: false },
)

/** ⌘K, or Ctrl and K, from anywhere on the page. */
export function Palette() {
  const [isOpen, setOpen] = useState(false)
  useWish('palette', () => setOpen(true))
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isChord = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k'
      if (!isChord || event.shiftKey || event.altKey) return
      event.preventDefault()
      setOpen((before) => !before)
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [])
  return isOpen ? <PaletteDialog onClose={() => setOpen(false)} /> : null
}
