'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { type FormEvent, useState } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { useProjectActions } from './use-project-actions.ts'

interface RenameDialogProps {
  project: ProjectView
  onClose: () => void
}

export function RenameDialog({ project, onClose }: RenameDialogProps) {
  const actions = useProjectActions()
  const [name, setName] = useState(project.name)
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    setBusy(true)
    actions.rename(project, name.trim()).then(onClose, (reason: unknown) => {
      const words = wordsFor(reason)
      setError(words.hint ? `${words.title} ${words.hint}` : words.title)
      setBusy(false)
    })
  }
  return (
    <Dialog isOpen onOpenChange={onClose} title="Rename project">
      <form onSubmit={onSubmit} className="mt-4">
        <TextField
          label="Name"
          value={name}
          error={error}
          maxLength={80}
          required
          autoComplete="off"
          onChange={(event) => setName(event.target.value)}
          onFocus={(event) => event.target.select()}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy} disabled={name.trim() === ''}>
            Rename
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
