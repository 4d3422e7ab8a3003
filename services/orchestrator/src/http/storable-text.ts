import type { ErrorShape } from '@vessel/proto/error-shape'
import { VesselError } from '@vessel/proto/errors'

type Issues = NonNullable<ErrorShape['issues']>

/** More tell nothing new. */
const ISSUES_MAX = 10

/**
 * Postgres stores neither NUL nor half a surrogate pair, and JSON can carry both. Refused at the
 * door, with its place, instead of failing as a query. Without recursion: bodies may be deep.
 */
export function checkStorableText(parts: Readonly<Record<string, unknown>>): void {
  const issues: Issues = []
  const todo: { path: string; value: unknown }[] = Object.values(parts).map((value) => ({
    path: '',
    value,
  }))
  while (todo.length > 0 && issues.length < ISSUES_MAX) {
    const { path, value } = todo.pop() as { path: string; value: unknown }
    if (typeof value === 'string') {
      if (!isStorable(value)) issues.push({ path, message: 'has a character that is no text' })
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        const at = path === '' ? key : `${path}.${key}`
        if (isStorable(key)) todo.push({ path: at, value: inner })
        else issues.push({ path, message: 'has a name that is no text' })
      }
    }
  }
  const [first] = issues
  if (!first) return
  throw new VesselError('VALIDATION', { detail: `${first.path}: ${first.message}`, issues })
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}
