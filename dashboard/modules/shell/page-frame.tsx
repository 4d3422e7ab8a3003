import type { ReactNode } from 'react'

export function PageFrame({ children }: { children: ReactNode }) {
  return <main className="mx-auto max-w-[1200px] px-4 pt-8 pb-24 sm:px-6 sm:pt-10">{children}</main>
}
