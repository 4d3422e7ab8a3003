'use client'

import { Search } from 'lucide-react'
import { cn } from '../../lib/cn.ts'
import { useClient } from '../client/client-provider.tsx'

const isApple = (): boolean => /Mac|iP(hone|ad)/.test(navigator.platform)

const kbdClass = 'rounded-xs border border-line px-1.5 font-sans text-faint text-xs max-sm:hidden'

/** The palette for who does not know its keys, and the keys for who wants to. */
export function PaletteButton() {
  const { wishes } = useClient()
  return (
    <button
      type="button"
      aria-keyshortcuts="Meta+K Control+K"
      onClick={() => wishes.make('palette')}
      className={cn(
        'flex h-8 items-center gap-2 rounded-md px-2 text-muted text-sm hover:bg-hover',
        'justify-center hover:text-ink max-sm:size-10',
      )}
    >
      <Search size={16} aria-hidden />
      <span className="sr-only">Search projects and actions</span>
      <kbd className={kbdClass}>{isApple() ? '⌘K' : 'Ctrl K'}</kbd>
    </button>
  )
}
