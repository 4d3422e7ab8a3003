'use client'

import { HardDrive, X } from 'lucide-react'
import { useState } from 'react'
import { cn } from '../../../lib/cn.ts'
import { IconButton } from '../../../ui/button.tsx'
import { DISK_WORDS, diskPercent } from './disk-gauge.tsx'
import { type DiskUse, diskLevel } from './readings.ts'

/** Stands over the bar while the disk runs full; a level that was waved away does not come back. */
export function DiskWarning({ use }: { use: DiskUse | null }) {
  const [dismissed, setDismissed] = useState('fine')
  const level = diskLevel(use)
  if (!use || level === 'fine' || level === dismissed) return null
  return (
    <div
      role="alert"
      data-disk={level}
      className={cn(
        'flex w-[min(340px,calc(100vw-24px))] items-center gap-3 rounded-lg bg-raised py-2 pr-2',
        'animate-rise pl-3 text-sm shadow-pop [color-scheme:dark]',
        level === 'full' ? 'text-bad' : 'text-busy',
      )}
    >
      <HardDrive size={16} aria-hidden className="shrink-0" />
      <p className="min-w-0 flex-1">
        <b className="font-semibold tabular-nums">{diskPercent(use)} % used.</b> {DISK_WORDS[level]}
      </p>
      <IconButton label="Dismiss" onClick={() => setDismissed(level)}>
        <X size={16} aria-hidden />
      </IconButton>
    </div>
  )
}
