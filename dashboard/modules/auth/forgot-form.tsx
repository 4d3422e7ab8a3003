'use client'

import { Mail } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { useMaybeClient } from '../client/client-provider.tsx'
import { EmailField } from './auth-fields.tsx'
import { AuthForm, linkClass } from './auth-form.tsx'
import { MailSent } from './mail-sent.tsx'
import { textOf, useSubmit } from './use-submit.ts'

export function ForgotForm() {
  const client = useMaybeClient()
  const [sentTo, setSentTo] = useState<string | null>(null)
  const submit = useSubmit(async (data) => {
    const email = textOf(data, 'email').trim()
    await client?.auth.requestReset(email, `${location.origin}/reset-password`)
    setSentTo(email)
  })
  if (sentTo) {
    // The same words whether the account exists or not: this page tells nobody who has one.
    return (
      <MailSent icon={<Mail />} title="Check your mail">
        If there is an account for <strong>{sentTo}</strong>, a link to choose a new password is on
        its way.
      </MailSent>
    )
  }
  return (
    <AuthForm
      title="Forgotten password"
      hint="We send you a link to choose a new one."
      submit={submit}
      action="Send link"
      footer={
        <Link href="/login" className={linkClass}>
          Back to log in
        </Link>
      }
    >
      <EmailField />
    </AuthForm>
  )
}
