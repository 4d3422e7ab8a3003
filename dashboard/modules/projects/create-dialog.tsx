'use client'

import type { ProjectView, Template } from '@vessel/proto/http/project-view'
import { type FormEvent, useState } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { useClient } from '../client/client-provider.tsx'
import { type Source, SourcePicker } from './source-picker.tsx'

interface CreateDialogProps {
  onClose: () => void
  onCreated: (project: ProjectView) => void
}

/** The name of a zip is a good name for what is in it. */
const nameOfFile = (file: File): string => file.name.replace(/\.zip$/i, '').slice(0, 80)

function useCreate({ onCreated }: CreateDialogProps) {
  const { api, projects } = useClient()
  const [isBusy, setBusy] = useState(false)
  const [error, setError] = useState<string | null>(null)

  const create = async (name: string, source: Source, file: File | null): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      const made =
        source === 'import' && file
          ? await api('importProject', { query: { name }, body: file })
          : await api('createProject', { body: { name, template: source as Template } })
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
  const [name, setName] = useState('')
  const [source, setSource] = useState<Source>('node')
  const [file, setFile] = useState<File | null>(null)
  const { isBusy, error, create } = useCreate(props)

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void create(name.trim(), source, file)
  }
  const onFile = (picked: File | null): void => {
    setFile(picked)
    if (picked && name.trim() === '') setName(nameOfFile(picked))
  }
  const isComplete = name.trim() !== '' && (source !== 'import' || file !== null)
  return (
    <Dialog isOpen onOpenChange={onClose} title="New project" size="md">
      <form onSubmit={onSubmit} className="mt-4 flex flex-col gap-5">
        <TextField
          label="Name"
          value={name}
          maxLength={80}
          required
          autoComplete="off"
          placeholder="my-project"
          onChange={(event) => setName(event.target.value)}
        />
        <SourcePicker value={source} onChange={setSource} file={file} onFile={onFile} />
        {error && (
          <Notice tone="bad" isAlert>
            {error}
          </Notice>
        )}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isBusy={isBusy} disabled={!isComplete}>
            Create project
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
