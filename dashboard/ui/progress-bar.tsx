import { cn } from '../lib/cn.ts'

interface ProgressBarProps {
  label: string
  /** 0 to 1. */
  fraction: number
  className?: string
}

export function ProgressBar({ label, fraction, className }: ProgressBarProps) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100)
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
      className={cn('h-1.5 overflow-hidden rounded-full bg-line', className)}
    >
      <div
        className="h-full origin-left bg-good-dot transition-transform duration-300 ease-out"
        style={{ transform: `scaleX(${percent / 100})` }}
      />
    </div>
  )
}
