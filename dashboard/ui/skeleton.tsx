import { cn } from '../lib/cn.ts'

/** Stands where text or a picture will be, in its very size. */
export function Skeleton({ className }: { className: string }) {
  return <span aria-hidden className={cn('skeleton block', className)} />
}
