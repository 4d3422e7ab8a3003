'use client'

import { useRef } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { panelClass } from '../../ui/panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { PASSWORD_LENGTH_MIN, PasswordField } from '../auth/auth-fields.tsx'
import { textOf, useSubmit } from '../auth/use-submit.ts'
import { useClient } from '../client/client-provider.tsx'

export function PasswordForm({ email }: { email: string }) {
  const { auth } = useClient()
  const toast = useToast()
  const form = useRef<HTMLFormElement>(null)
  const submit = useSubmit(async (data) => {
    await auth.setPassword(textOf(data, 'password'))
    form.current?.reset()
    toast({ title: 'Password changed' })
  })
  return (
    <form ref={form} method="post" onSubmit={submit.onSubmit} className={panelClass}>
      <div className="flex max-w-md flex-col gap-4 p-4 sm:p-5">
        <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
        <PasswordField
          label="New password"
          isNew
          hint={`At least ${PASSWORD_LENGTH_MIN} characters.`}
        />
        {submit.error && (
          <Notice tone="bad" isAlert>
            {submit.error}
          </Notice>
        )}
      </div>
      <div className="flex justify-end border-line border-t bg-sunken px-5 py-3">
        <Button type="submit" variant="primary" size="sm" isBusy={submit.isBusy}>
          Change password
        </Button>
      </div>
    </form>
  )
}
