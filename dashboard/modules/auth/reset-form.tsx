'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useAuthState, useMaybeClient } from '../client/client-provider.tsx'
import { PASSWORD_LENGTH_MIN, PasswordField } from './auth-fields.tsx'
import { AuthForm, linkClass } from './auth-form.tsx'
import { MailSent } from './mail-sent.tsx'
import { textOf, useSubmit } from './use-submit.ts'

/** Where the link of the mail leads: it logs the person in, and here they choose a password. */
export function ResetForm() {
  const client = useMaybeClient()
  const { status } = useAuthState()
  const router = useRouter()
  const submit = useSubmit(async (data) => {
    await client?.auth.setPassword(textOf(data, 'password'))
    router.replace('/projects')
  })
  if (status === 'out') {
    return (
      <MailSent icon={null} title="This link has expired">
        Ask for a new one with <em>Forgotten?</em> on the log in page.
      </MailSent>
    )
  }
  return (
    <AuthForm
      title="Choose a new password"
      submit={submit}
      action="Change password"
      footer={
        <Link href="/projects" className={linkClass}>
          Keep the old one
        </Link>
      }
    >
      <PasswordField isNew hint={`At least ${PASSWORD_LENGTH_MIN} characters.`} />
    </AuthForm>
  )
}
