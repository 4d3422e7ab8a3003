'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { type FormEvent, useState } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useClient } from '../client/client-provider.tsx'
import { NO_GIT } from './git-fields.tsx'
import {
  bodyOf,
  isComplete,
  nameOfFile,
  nameOfRepository,
  type ProjectWish,
  type Source,
} from './project-wish.ts'
import { SourcePicker } from './source-picker.tsx'

interface CreateDialogProps {
  /** What was picked before the dialog opened. */
  source: Source
  onClose: () => void
  onCreated: (project: ProjectView) => void
}

/** Sending the same wish again after a lost answer must not make a second project. */
function useCreate({ onCreated }: CreateDialogProps) {
  const { api, projects } = useClient()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [sent, setSent] = useState<{ wish: ProjectWish; key: string } | null>(null)

  const create = async (wish: ProjectWish): Promise<void> => {
    const key = sent?.wish === wish ? sent.key : crypto.randomUUID()
    setSent({ wish, key })
    setBusy(true)
    setError(null)
    try {
      const made =
        wish.source === 'import' && wish.file
          ? await api('importProject', { query: { name: wish.name.trim() }, body: wish.file, key })
          : await api('createProject', { body: bodyOf(wish), key })
      projects.put(made)
      onCreated(made)
    } catch (reason) {
      const words = wordsFor(reason)
      setError(words.hint ? `${words.title} ${words.hint}` : words.title)
      setBusy(false)
    }
  }
  return { isBusy, error, create }
}

export function CreateDialog(props: CreateDialogProps) {
  const { onClose } = props
  const [wish, setWish] = useState<ProjectWish>({
    ...{ name: '', source: props.source, file: null, git: NO_GIT },
  })
  const { isBusy, error, create } = useCreate(props)
  const change = (patch: Partial<ProjectWish>) => setWish((before) => ({ ...before, ...patch }))
  /** A name the user typed stays; one that was proposed follows its source. */
  const proposed = wish.source === 'git' ? nameOfRepository(wish.git.url) : ''

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void create(wish)
  }
  return (
    <Dialog isOpen onOpenChange={onClose} title="New project" size="md">
      <form onSubmit={onSubmit} className="mt-4 flex flex-col gap-5">
        <TextField
          label="Name"
          value={wish.name}
          maxLength={80}
          required
          autoComplete="off"
          placeholder="my-project"
          onChange={(event) => change({ name: event.target.value })}
        />
        <SourcePicker
          value={wish}
          onSource={(source) => change({ source })}
          onFile={(file) => {
            change({ file, ...(file && wish.name.trim() === '' && { name: nameOfFile(file) }) })
          }}
          onGit={(git) => {
            const isProposed = wish.name === '' || wish.name === proposed
            change({ git, ...(isProposed && { name: nameOfRepository(git.url) }) })
          }}
        />
        {error && (
          <Notice tone="bad" isAlert>
            {error}
          </Notice>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy} disabled={!isComplete(wish)}>
            Create project
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
