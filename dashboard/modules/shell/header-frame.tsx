import Link from 'next/link'
import type { ReactNode } from 'react'
import { Logo } from '../../ui/logo.tsx'

interface HeaderFrameProps {
  children?: ReactNode
  /** What hangs under the bar. */
  below?: ReactNode
}

/** The bar above every page but the editor, without anyone in it yet. */
export function HeaderFrame({ children, below }: HeaderFrameProps) {
  return (
    <header className="sticky top-0 z-30 border-line border-b bg-canvas/85 backdrop-blur-md">
      <div className="mx-auto flex h-14 max-w-[1200px] items-center gap-2 px-4 sm:gap-6 sm:px-6">
        <Link href="/projects" className="rounded-sm" aria-label="Vessel, to your projects">
          <Logo />
        </Link>
        {children}
      </div>
      {below}
    </header>
  )
}
