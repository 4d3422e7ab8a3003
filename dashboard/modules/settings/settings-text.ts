import type { ProjectSettings } from '@vessel/proto/http/project-view'
import { environment } from '@vessel/proto/machine'

/** What people type, one setting a line, and what it means. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string }

export function ignoreText(ignore: readonly string[]): string {
  return ignore.join('\n')
}

export function parseIgnore(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

export function environmentText(variables: ProjectSettings['environment']): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')
}

/** Reads `NAME=value` lines; the first `=` parts them, and a value may be empty. */
export function parseEnvironment(text: string): Parsed<ProjectSettings['environment']> {
  const found: Record<string, string> = {}
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const at = line.indexOf('=')
    if (at < 1) return { ok: false, problem: `Line ${index + 1}: write NAME=value.` }
    const name = line.slice(0, at).trim()
    const value = line.slice(at + 1)
    if (!environment.safeParse({ [name]: value }).success) {
      return { ok: false, problem: `Line ${index + 1}: a name is letters, digits and _.` }
    }
    if (name in found) return { ok: false, problem: `Line ${index + 1}: ${name} is there twice.` }
    found[name] = value
  }
  return { ok: true, value: found }
}
