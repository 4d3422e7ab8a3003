'use client'

import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Auth } from './auth.ts'
import { PasswordField } from './auth-fields.tsx'
import type { Person } from './auth-state.ts'
import { textOf, useSubmit } from './use-submit.ts'

interface ReloginDialogProps {
  isOpen: boolean
  person: Person
  auth: Auth
}

/** The login ended in mid-work: everything stays where it is until the password is given again. */
export function ReloginDialog({ isOpen, person, auth }: ReloginDialogProps) {
  const submit = useSubmit((data) => auth.logIn(person.email, textOf(data, 'password')))
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={() => undefined}
      isAnswerRequired
      title="Log in again"
      description={
        <>
          Your login has expired. This page stays as it is; go on as <b>{person.email}</b>.
        </>
      }
    >
      <form method="post" onSubmit={submit.onSubmit} className="mt-5 flex flex-col gap-4">
        <input
          type="hidden"
          name="username"
          autoComplete="username"
          value={person.email}
          readOnly
        />
        <PasswordField autoFocus />
        {submit.error && (
          <Notice tone="bad" isAlert>
            {submit.error}
          </Notice>
        )}
        <DialogActions>
          <Button onClick={() => void auth.logOut()}>Leave</Button>
          <Button type="submit" variant="primary" isBusy={submit.isBusy}>
            Log in
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
