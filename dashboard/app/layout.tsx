import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import type { ReactNode } from 'react'
import { config } from '../lib/config.server.ts'
import { THEME_SCRIPT } from '../lib/theme.ts'
import { Providers } from '../modules/client/providers.tsx'
import './globals.css'

// Every page carries a nonce and the configuration of this process: none can be made in advance.
export const dynamic = 'force-dynamic'

export const metadata: Metadata = {
  title: { default: 'Vessel', template: '%s · Vessel' },
  description: 'VS Code in your browser, on a machine of your own.',
  robots: { index: false },
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafaf9' },
    { media: '(prefers-color-scheme: dark)', color: '#0b0c0e' },
  ],
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? ''
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Our own constant text; the nonce is what lets it run. */}
        <script
          nonce={nonce}
          suppressHydrationWarning
          // biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, see lib/theme
          dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }}
        />
      </head>
      <body>
        <Providers config={config()} nonce={nonce}>
          {children}
        </Providers>
      </body>
    </html>
  )
}
