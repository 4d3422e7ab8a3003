'use client'

import { useState } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { SelectField } from '../../ui/select.tsx'
import { useClient } from '../client/client-provider.tsx'

const LIVES = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
]

function SecretShown({ secret, onClose }: { secret: string; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret)
    setCopied(true)
  }
  return (
    <div className="mt-4">
      <TextField
        label="Token"
        readOnly
        value={secret}
        onFocus={(event) => event.currentTarget.select()}
        className="font-mono text-sm"
        hint="Send it as “Authorization: Bearer …”."
      />
      <DialogActions>
        <Button onClick={onClose}>Done</Button>
        <Button variant="primary" onClick={() => void copy()}>
          {isCopied ? 'Copied' : 'Copy'}
        </Button>
      </DialogActions>
    </div>
  )
}

/** Makes a token and shows it, this once. */
export function TokenDialog({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const { api } = useClient()
  const [secret, setSecret] = useState<string | null>(null)
  const [isBusy, setBusy] = useState(false)
  const [fault, setFault] = useState<string | null>(null)
  const make = async (data: FormData): Promise<void> => {
    setBusy(true)
    setFault(null)
    try {
      const body = { name: String(data.get('name')), expiresInDays: Number(data.get('days')) }
      const made = await api('createApiToken', { body })
      setSecret(made.secret)
      onMade()
    } catch (error) {
      setFault(wordsFor(error).title)
    }
    setBusy(false)
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={secret === null ? 'New token' : 'Copy your token now'}
      // A slip of the mouse must not lose what is never shown again.
      isAnswerRequired={secret !== null}
      {...(secret === null ? {} : { description: 'It is shown this once and kept nowhere.' })}
    >
      {secret !== null ? (
        <SecretShown secret={secret} onClose={onClose} />
      ) : (
        <form
          method="post"
          onSubmit={(event) => {
            event.preventDefault()
            if (!isBusy) void make(new FormData(event.currentTarget))
          }}
          className="mt-4 flex flex-col gap-4"
        >
          <TextField
            label="Name"
            name="name"
            required
            maxLength={80}
            autoComplete="off"
            placeholder="nightly build"
          />
          <SelectField label="Good for" name="days" defaultValue="90" options={LIVES} />
          {fault && (
            <Notice tone="bad" isAlert>
              {fault}
            </Notice>
          )}
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" variant="primary" isBusy={isBusy}>
              Make token
            </Button>
          </DialogActions>
        </form>
      )}
    </Dialog>
  )
}
