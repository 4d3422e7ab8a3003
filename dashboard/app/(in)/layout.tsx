import type { ReactNode } from 'react'
import { AuthGate } from '../../modules/auth/auth-gate.tsx'
import { GateFallback } from '../../modules/shell/gate-fallback.tsx'

/** One gate for all pages behind it, so that going from one to the next keeps the connection. */
export default function InLayout({ children }: { children: ReactNode }) {
  return <AuthGate fallback={<GateFallback />}>{children}</AuthGate>
}
