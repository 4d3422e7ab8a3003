import type { Template } from '@vessel/proto/http/project-view'
import type { CreateProjectBody } from '@vessel/proto/http/projects'
import type { GitWish } from './git-fields.tsx'

export type Source = Template | 'import' | 'git'

/** What is filled in for a new project. */
export interface ProjectWish {
  readonly name: string
  readonly source: Source
  readonly file: File | null
  readonly git: GitWish
}

/** The name of a zip is a good name for what is in it. */
export const nameOfFile = (file: File): string => file.name.replace(/\.zip$/i, '').slice(0, 80)

/** The last part of a repository's address, which is what people call it. */
export function nameOfRepository(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  const last = path.split('/').findLast((part) => part !== '') ?? ''
  return decodeURIComponent(last)
    .replace(/\.git$/i, '')
    .slice(0, 80)
}

export function isComplete({ name, source, file, git }: ProjectWish): boolean {
  if (name.trim() === '') return false
  if (source === 'import') return file !== null
  return source !== 'git' || URL.canParse(git.url.trim())
}

const orNull = (text: string): string | null => text.trim() || null

export function bodyOf({ name, source, git }: ProjectWish): CreateProjectBody {
  const named = { name: name.trim(), template: 'blank' as Template }
  if (source !== 'git') return { ...named, template: source as Template }
  const { url, ref, token } = git
  return { ...named, git: { url: url.trim(), ref: orNull(ref), token: orNull(token) } }
}
