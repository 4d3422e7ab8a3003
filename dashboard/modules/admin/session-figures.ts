import type { SessionState } from '@vessel/proto/session-state'

/** Live sessions by state, as the API counts them: a state that nobody is in may be missing. */
export type SessionCounts = Readonly<Record<string, number>>

const GROUPS: readonly (readonly [string, readonly SessionState[]])[] = [
  ['running', ['ready']],
  ['starting', ['requested', 'placing', 'starting']],
  ['saving', ['saving']],
]

/** How many sessions live, and of what kind. Unlike the list this is never cut. */
export function sessionFigures(counts: SessionCounts | null): { value: string; hint: string } {
  if (counts === null) return { value: '–', hint: 'live' }
  const groups = GROUPS.map(([name, states]) => {
    const count = states.reduce((sum, state) => sum + (counts[state] ?? 0), 0)
    return { name, count }
  })
  const total = groups.reduce((sum, { count }) => sum + count, 0)
  const kinds = groups.filter(({ count }) => count > 0)
  const words = kinds.map(({ name, count }) => `${count.toLocaleString('en')} ${name}`)
  return {
    value: total.toLocaleString('en'),
    hint: kinds.length > 1 ? words.join(', ') : (kinds[0]?.name ?? 'live'),
  }
}
