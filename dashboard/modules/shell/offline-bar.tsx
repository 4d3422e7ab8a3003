'use client'

import { usePathname } from 'next/navigation'
import { cn } from '../../lib/cn.ts'
import { OfflineNote } from './offline-note.tsx'

/**
 * Hangs below the header, over the page's own margin, so that nothing moves when it comes and goes.
 * The list of projects says it itself, with what is known of it.
 */
export function OfflineBar() {
  if (usePathname() === '/projects') return null
  return (
    <p
      role="status"
      className={cn(
        'absolute inset-x-0 top-full bg-busy-soft px-4 py-1 text-center text-busy text-sm',
        'empty:hidden',
      )}
    >
      <OfflineNote meaning="What you see may be out of date." />
    </p>
  )
}
