import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'

export type BadgeTone = 'idle' | 'busy' | 'good' | 'move' | 'bad'

const TONES: Record<BadgeTone, { pill: string; dot: string }> = {
  idle: { pill: 'bg-hover text-muted', dot: 'bg-faint' },
  busy: { pill: 'bg-busy-soft text-busy', dot: 'bg-busy-dot' },
  good: { pill: 'bg-good-soft text-good', dot: 'bg-good-dot' },
  move: { pill: 'bg-move-soft text-move', dot: 'bg-move-dot' },
  bad: { pill: 'bg-bad-soft text-bad', dot: 'bg-bad-dot' },
}

export function Dot({ tone, isLive }: { tone: BadgeTone; isLive?: boolean }) {
  return (
    <span
      aria-hidden
      className={cn('size-1.5 rounded-full', TONES[tone].dot, isLive && 'animate-beat')}
    />
  )
}

interface BadgeProps {
  tone: BadgeTone
  isLive?: boolean
  children: ReactNode
}

export function Badge({ tone, isLive = false, children }: BadgeProps) {
  return (
    <span
      className={cn(
        'inline-flex h-5.5 shrink-0 items-center gap-1.5 rounded-full px-2 font-medium text-xs',
        TONES[tone].pill,
      )}
    >
      <Dot tone={tone} isLive={isLive} />
      {children}
    </span>
  )
}
