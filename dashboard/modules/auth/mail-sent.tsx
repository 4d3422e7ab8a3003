import Link from 'next/link'
import type { ReactNode } from 'react'
import { linkClass } from './auth-form.tsx'

interface MailSentProps {
  icon: ReactNode
  title: string
  children: ReactNode
}

export function MailSent({ icon, title, children }: MailSentProps) {
  return (
    <div role="status">
      <div className="mb-4 text-accent [&>svg]:size-7">{icon}</div>
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      <p className="mt-2 mb-6 text-muted">{children}</p>
      <Link href="/login" className={linkClass}>
        Back to log in
      </Link>
    </div>
  )
}
