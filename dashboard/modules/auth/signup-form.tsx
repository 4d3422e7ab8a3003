'use client'

import { MailCheck } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { useMaybeClient } from '../client/client-provider.tsx'
import { EmailField, PASSWORD_LENGTH_MIN, PasswordField } from './auth-fields.tsx'
import { AuthForm, linkClass } from './auth-form.tsx'
import { MailSent } from './mail-sent.tsx'
import { useLeaveWhenIn } from './use-leave-when-in.ts'
import { textOf, useSubmit } from './use-submit.ts'

export function SignupForm() {
  const client = useMaybeClient()
  const [sentTo, setSentTo] = useState<string | null>(null)
  useLeaveWhenIn()
  const submit = useSubmit(async (data) => {
    const email = textOf(data, 'email').trim()
    const result = await client?.auth.signUp(email, textOf(data, 'password'))
    if (result === 'confirm-email') setSentTo(email)
  })
  if (sentTo) {
    return (
      <MailSent icon={<MailCheck />} title="Confirm your email">
        We sent a link to <strong>{sentTo}</strong>. Open it to finish.
      </MailSent>
    )
  }
  return (
    <AuthForm
      title="Create your account"
      hint="Your projects open in VS Code, in this browser."
      submit={submit}
      action="Sign up"
      footer={
        <>
          Have an account?{' '}
          <Link href="/login" className={linkClass}>
            Log in
          </Link>
        </>
      }
    >
      <EmailField />
      <PasswordField isNew hint={`At least ${PASSWORD_LENGTH_MIN} characters.`} />
    </AuthForm>
  )
}
