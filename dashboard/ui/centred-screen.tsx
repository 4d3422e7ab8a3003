import type { ReactNode } from 'react'
import { cn } from '../lib/cn.ts'

interface CentredScreenProps {
  /** Inside a page that has its header and its `main` already. */
  isInPage?: boolean
  children: ReactNode
}

/** A page with one thing to say. */
export function CentredScreen({ isInPage = false, children }: CentredScreenProps) {
  const Frame = isInPage ? 'div' : 'main'
  return (
    <Frame
      className={cn('flex items-center justify-center p-6', isInPage ? 'min-h-96' : 'min-h-dvh')}
    >
      <div className="flex max-w-md animate-rise flex-col items-center text-balance text-center">
        {children}
      </div>
    </Frame>
  )
}
