'use client'

import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useMaybeClient } from '../client/client-provider.tsx'
import type { Submit } from './use-submit.ts'

interface AuthFormProps {
  title: string
  hint?: ReactNode
  submit: Submit
  action: string
  children: ReactNode
  footer: ReactNode
}

/** The frame of every page on which someone proves who they are. */
export function AuthForm({ title, hint, submit, action, children, footer }: AuthFormProps) {
  // Before the page has come alive a click would send the form the browser's own way.
  const isReady = useMaybeClient() !== null
  return (
    <>
      <h1 className="font-semibold text-2xl tracking-tight">{title}</h1>
      {hint && <p className="mt-1 text-muted">{hint}</p>}
      <form method="post" onSubmit={submit.onSubmit} className="mt-7 flex flex-col gap-4">
        {children}
        {submit.error && (
          <Notice tone="bad" isAlert>
            {submit.error}
          </Notice>
        )}
        <Button
          type="submit"
          variant="primary"
          isBusy={submit.isBusy}
          disabled={!isReady}
          className="mt-1 w-full max-sm:h-11"
        >
          {action}
        </Button>
      </form>
      <div className="mt-6 text-muted text-sm">{footer}</div>
    </>
  )
}

export const linkClass = 'rounded-sm font-medium text-accent underline-offset-4 hover:underline'
