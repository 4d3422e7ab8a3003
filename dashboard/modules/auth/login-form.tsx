'use client'

import Link from 'next/link'
import { useMaybeClient } from '../client/client-provider.tsx'
import { EmailField, PasswordField } from './auth-fields.tsx'
import { AuthForm, linkClass } from './auth-form.tsx'
import { useLeaveWhenIn } from './use-leave-when-in.ts'
import { textOf, useSubmit } from './use-submit.ts'

export function LoginForm() {
  const client = useMaybeClient()
  useLeaveWhenIn()
  const submit = useSubmit(async (data) => {
    await client?.auth.logIn(textOf(data, 'email').trim(), textOf(data, 'password'))
  })
  return (
    <AuthForm
      title="Log in"
      submit={submit}
      action="Log in"
      footer={
        <div className="flex justify-between">
          <span>
            New here?{' '}
            <Link href="/signup" className={linkClass}>
              Create an account
            </Link>
          </span>
          <Link href="/forgot-password" className={linkClass}>
            Forgotten?
          </Link>
        </div>
      }
    >
      <EmailField />
      <PasswordField />
    </AuthForm>
  )
}
