'use client'

import { type FormEvent, useRef, useState } from 'react'

export interface Submit {
  readonly isBusy: boolean
  readonly error: string | null
  onSubmit: (event: FormEvent<HTMLFormElement>) => void
}

const UNREACHABLE = 'The server cannot be reached. Check your connection and try again.'

/** Runs a form's one action: never twice at a time, and a failure becomes one sentence. */
export function useSubmit(run: (data: FormData) => Promise<void>): Submit {
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const isRunning = useRef(false)

  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (isRunning.current) return
    isRunning.current = true
    setBusy(true)
    setError(null)
    run(new FormData(event.currentTarget))
      .catch(async (reason: unknown) => {
        // The words come with the library that knows the errors, after the first paint; where
        // even they cannot be had, there is only one thing to say.
        const words = await import('./auth-words.ts').catch(() => null)
        setError(words ? words.authWords(reason) : UNREACHABLE)
      })
      .finally(() => {
        isRunning.current = false
        setBusy(false)
      })
  }
  return { isBusy, error, onSubmit }
}

/** A field of a form as text. */
export function textOf(data: FormData, name: string): string {
  const value = data.get(name)
  return typeof value === 'string' ? value : ''
}
