'use client'

import { Upload } from 'lucide-react'
import { useId } from 'react'
import { cn } from '../../lib/cn.ts'
import { formatBytes } from '../../lib/format-bytes.ts'
import { GitFields, type GitWish } from './git-fields.tsx'
import type { ProjectWish, Source } from './project-wish.ts'
import { SourceFace, SourceGrid, wordsOf } from './source-grid.tsx'

interface SourcePickerProps {
  value: ProjectWish
  onSource: (source: Source) => void
  onFile: (file: File | null) => void
  onGit: (git: GitWish) => void
}

interface SourceOptionProps {
  source: Source
  isChecked: boolean
  onPick: () => void
}

/** A real radio button under a card, so that arrow keys and screen readers work by themselves. */
function SourceOption({ source, isChecked, onPick }: SourceOptionProps) {
  return (
    <label
      className={cn(
        'relative flex cursor-pointer items-center gap-2.5 rounded-md border p-3 transition-colors',
        'max-sm:gap-2 max-sm:p-2.5',
        'has-focus-visible:outline-2 has-focus-visible:outline-accent',
        'has-focus-visible:outline-offset-2',
        isChecked ? 'border-accent bg-accent-soft/50' : 'border-line hover:border-line-strong',
      )}
    >
      <input
        type="radio"
        name="source"
        value={source}
        checked={isChecked}
        onChange={onPick}
        aria-label={wordsOf(source).label}
        className="absolute inset-0 cursor-pointer appearance-none rounded-md outline-none"
      />
      <SourceFace source={source} />
    </label>
  )
}

interface FilePickerProps {
  file: File | null
  onFile: SourcePickerProps['onFile']
}

function FilePicker({ file, onFile }: FilePickerProps) {
  const id = useId()
  return (
    <label
      htmlFor={id}
      className={cn(
        'mt-3 flex cursor-pointer items-center gap-3 rounded-md border border-line-strong',
        'border-dashed p-4 text-muted hover:border-faint has-focus-visible:outline-2',
        'has-focus-visible:outline-accent',
      )}
    >
      <Upload size={18} aria-hidden />
      <span className="min-w-0 flex-1 truncate">
        {file ? `${file.name} · ${formatBytes(file.size)}` : 'Choose a zip file'}
      </span>
      <input
        id={id}
        type="file"
        aria-label="Zip file to import"
        accept=".zip,application/zip"
        className="sr-only"
        onChange={(event) => onFile(event.target.files?.[0] ?? null)}
      />
    </label>
  )
}

/** What a new project starts from: one of the templates, a repository, or files of one's own. */
export function SourcePicker({ value, onSource, onFile, onGit }: SourcePickerProps) {
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium text-sm">Start from</legend>
      <SourceGrid>
        {(source) => (
          <SourceOption
            source={source}
            isChecked={source === value.source}
            onPick={() => onSource(source)}
          />
        )}
      </SourceGrid>
      {value.source === 'import' && <FilePicker file={value.file} onFile={onFile} />}
      {value.source === 'git' && <GitFields value={value.git} onChange={onGit} />}
    </fieldset>
  )
}
