'use client'

import type { ReactNode } from 'react'
import type { PublicConfig } from '../../lib/public-config.ts'
import { setStyleNonce } from '../../lib/style-nonce.ts'
import { ClientProvider } from './client-provider.tsx'

interface ProvidersProps {
  config: PublicConfig
  nonce: string
  children: ReactNode
}

export function Providers({ config, nonce, children }: ProvidersProps) {
  setStyleNonce(nonce)
  return <ClientProvider config={config}>{children}</ClientProvider>
}
