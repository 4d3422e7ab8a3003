'use client'

import { TextField } from '../../ui/field.tsx'

export interface GitWish {
  readonly url: string
  readonly ref: string
  readonly token: string
}

export const NO_GIT: GitWish = { url: '', ref: '', token: '' }

interface GitFieldsProps {
  value: GitWish
  onChange: (value: GitWish) => void
}

/** Where to clone from. The token is for private repositories and is shown to nobody again. */
export function GitFields({ value, onChange }: GitFieldsProps) {
  const change = (patch: Partial<GitWish>) => onChange({ ...value, ...patch })
  return (
    <div className="mt-3 flex flex-col gap-4 rounded-md border border-line p-4">
      <TextField
        label="Repository"
        value={value.url}
        type="url"
        required
        autoComplete="off"
        placeholder="https://example.com/me/project.git"
        onChange={(event) => change({ url: event.target.value })}
      />
      <div className="grid grid-cols-1 gap-4 min-[420px]:grid-cols-2">
        <TextField
          label="Branch or tag"
          value={value.ref}
          maxLength={200}
          autoComplete="off"
          placeholder="The default one"
          onChange={(event) => change({ ref: event.target.value })}
        />
        <TextField
          label="Access token"
          value={value.token}
          type="password"
          maxLength={1_024}
          autoComplete="off"
          placeholder="If it is private"
          onChange={(event) => change({ token: event.target.value })}
        />
      </div>
    </div>
  )
}
