import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'

const TONES = {
  plain: 'bg-sunken text-ink',
  bad: 'bg-bad-soft text-bad',
  busy: 'bg-busy-soft text-busy',
  good: 'bg-good-soft text-good',
}

interface NoticeProps {
  tone?: keyof typeof TONES
  /** Spoken at once; for what the reader has to know now. */
  isAlert?: boolean
  children: ReactNode
  className?: string
}

export function Notice({ tone = 'plain', isAlert = false, children, className }: NoticeProps) {
  return (
    <div
      role={isAlert ? 'alert' : undefined}
      className={cn('rounded-md px-3 py-2 text-sm', TONES[tone], className)}
    >
      {children}
    </div>
  )
}

interface EmptyProps {
  icon: ReactNode
  title: string
  hint: string
  children?: ReactNode
}

/** What stands where nothing is yet: what this is, and the first thing to do. */
export function Empty({ icon, title, hint, children }: EmptyProps) {
  return (
    <div
      className={cn(
        'flex flex-col items-center rounded-lg border border-line border-dashed',
        'px-5 py-14 max-sm:px-3 max-sm:py-10',
      )}
    >
      <div className="mb-4 text-faint [&>svg]:size-7">{icon}</div>
      <h2 className="font-semibold text-lg">{title}</h2>
      <p className="mt-1 mb-6 max-w-sm text-balance text-center text-muted">{hint}</p>
      {children}
    </div>
  )
}
