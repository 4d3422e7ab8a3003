import type { Metadata } from 'next'
import Link from 'next/link'
import { buttonClass } from '../ui/button.tsx'
import { CentredScreen } from '../ui/centred-screen.tsx'

export const metadata: Metadata = { title: 'Nothing here' }

export default function NotFound() {
  return (
    <CentredScreen>
      <h1 className="font-semibold text-2xl tracking-tight">There is nothing here</h1>
      <p className="mt-3 mb-7 text-muted">The address is wrong, or what it led to is gone.</p>
      <Link href="/projects" className={buttonClass('primary')}>
        To your projects
      </Link>
    </CentredScreen>
  )
}
