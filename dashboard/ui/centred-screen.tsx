import type { ReactNode } from 'react'

/** A page with one thing to say. */
export function CentredScreen({ children }: { children: ReactNode }) {
  return (
    <main className="flex min-h-dvh items-center justify-center p-6">
      <div className="flex max-w-md animate-rise flex-col items-center text-center">{children}</div>
    </main>
  )
}
