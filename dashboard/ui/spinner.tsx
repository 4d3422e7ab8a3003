import { cn } from '../lib/cn.ts'

export function Spinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cn(
        'inline-block size-3.5 animate-turn rounded-full border-2 border-current',
        'border-t-transparent opacity-80',
        className,
      )}
    />
  )
}
