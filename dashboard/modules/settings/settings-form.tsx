'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { type FormEvent, useState } from 'react'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Field, inputClass, TextField } from '../../ui/field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { panelClass } from '../../ui/panel-frame.tsx'
import { SelectField } from '../../ui/select.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'
import { CPU_OPTIONS, IDLE_OPTIONS, memoryOptions, withCurrent } from './setting-options.ts'
import { environmentText, ignoreText, parseEnvironment, parseIgnore } from './settings-text.ts'

interface Draft {
  readonly name: string
  readonly memory: string
  readonly cpu: string
  readonly idle: string
  readonly isCommandActivity: boolean
  readonly ignore: string
  readonly environment: string
}

function draftOf({ name, settings }: ProjectView): Draft {
  return {
    name,
    memory: String(settings.spec.memoryMib),
    cpu: String(settings.spec.cpuCount),
    idle: String(settings.idleStopMs ?? ''),
    isCommandActivity: settings.countRunningCommand,
    ignore: ignoreText(settings.ignore),
    environment: environmentText(settings.environment),
  }
}

const areaClass = `${inputClass} h-auto min-h-24 py-2 font-mono text-sm`

function useSave(project: ProjectView) {
  const { api, projects } = useClient()
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)

  const save = async (draft: Draft): Promise<void> => {
    const variables = parseEnvironment(draft.environment)
    if (!variables.ok) return setProblem(variables.problem)
    setBusy(true)
    setProblem(null)
    const settings = {
      spec: {
        ...project.settings.spec,
        cpuCount: Number(draft.cpu),
        memoryMib: Number(draft.memory),
      },
      idleStopMs: draft.idle === '' ? null : Number(draft.idle),
      countRunningCommand: draft.isCommandActivity,
      ignore: parseIgnore(draft.ignore),
      environment: variables.value,
    }
    try {
      const body = { name: draft.name.trim(), settings }
      projects.put(await api('patchProject', { params: { id: project.id }, body }))
      toast({ title: 'Settings saved' })
    } catch (error) {
      const { title, hint } = wordsFor(error)
      setProblem(hint ? `${title} ${hint}` : title)
    }
    setBusy(false)
  }
  return { isBusy, problem, save }
}

interface FieldsProps {
  draft: Draft
  onChange: (change: Partial<Draft>) => void
}

function MachineFields({ draft, onChange }: FieldsProps) {
  return (
    <div className="grid gap-5 sm:grid-cols-3">
      <SelectField
        label="Memory"
        value={draft.memory}
        options={withCurrent(memoryOptions(), draft.memory, 'MB')}
        onChange={(event) => onChange({ memory: event.target.value })}
      />
      <SelectField
        label="CPU"
        value={draft.cpu}
        options={withCurrent(CPU_OPTIONS, draft.cpu, 'cores')}
        onChange={(event) => onChange({ cpu: event.target.value })}
      />
      <SelectField
        label="Stop when idle for"
        value={draft.idle}
        options={withCurrent(IDLE_OPTIONS, draft.idle, 'ms')}
        onChange={(event) => onChange({ idle: event.target.value })}
      />
    </div>
  )
}

function FileFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          className="mt-0.5 size-4 accent-accent"
          checked={draft.isCommandActivity}
          onChange={(event) => onChange({ isCommandActivity: event.target.checked })}
        />
        <span>
          A running command counts as activity
          <span className="block text-muted text-sm">
            The machine stays up while a command of yours runs in a terminal.
          </span>
        </span>
      </label>
      <Field
        label="Do not save"
        hint="One pattern a line, as in .gitignore. node_modules is never saved."
      >
        {(ids) => (
          <textarea
            {...ids}
            rows={4}
            spellCheck={false}
            placeholder={'dist/\n*.log'}
            className={areaClass}
            value={draft.ignore}
            onChange={(event) => onChange({ ignore: event.target.value })}
          />
        )}
      </Field>
      <Field label="Environment variables" hint="One a line.">
        {(ids) => (
          <textarea
            {...ids}
            rows={4}
            spellCheck={false}
            autoComplete="off"
            placeholder="LOG_LEVEL=debug"
            className={areaClass}
            value={draft.environment}
            onChange={(event) => onChange({ environment: event.target.value })}
          />
        )}
      </Field>
    </>
  )
}

export function SettingsForm({ project }: { project: ProjectView }) {
  const saved = draftOf(project)
  const [draft, setDraft] = useState(saved)
  const { isBusy, problem, save } = useSave(project)
  const onChange = (change: Partial<Draft>): void => setDraft({ ...draft, ...change })
  const isChanged = JSON.stringify(draft) !== JSON.stringify(saved)
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault()
    void save(draft)
  }
  return (
    <form onSubmit={onSubmit} className={panelClass}>
      <div className="flex flex-col gap-5 p-4 sm:p-5">
        <TextField
          label="Name"
          required
          maxLength={80}
          autoComplete="off"
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
        <MachineFields draft={draft} onChange={onChange} />
        <FileFields draft={draft} onChange={onChange} />
        {problem && (
          <Notice tone="bad" isAlert>
            {problem}
          </Notice>
        )}
      </div>
      <div className="flex items-center justify-between border-line border-t bg-sunken px-5 py-3">
        <p className="text-muted text-sm">Applies from the next start.</p>
        <Button type="submit" variant="primary" size="sm" isBusy={isBusy} disabled={!isChanged}>
          Save settings
        </Button>
      </div>
    </form>
  )
}
