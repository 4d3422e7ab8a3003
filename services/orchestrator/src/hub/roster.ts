import type { presenceMember } from '@vessel/proto/browser/server-frames'
import type { z } from 'zod'

export type Member = z.infer<typeof presenceMember>
export type PresenceState = Member['state']

/** A person in two tabs is where they are most present. */
const STRENGTH: Record<PresenceState, number> = { editor: 3, boot: 2, dashboard: 1, away: 0 }

/** One entry per person, whatever number of tabs and orchestrators they are on. */
export function mergeMembers(lists: Iterable<readonly Member[]>): Map<string, Member> {
  const merged = new Map<string, Member>()
  for (const list of lists) {
    for (const member of list) {
      const known = merged.get(member.userId)
      if (!known || STRENGTH[member.state] > STRENGTH[known.state]) {
        merged.set(member.userId, member)
      }
    }
  }
  return merged
}

export interface RosterChange {
  /** New people, and people whose state changed. */
  readonly join: readonly Member[]
  readonly gone: readonly string[]
}

export function compareMembers(
  before: ReadonlyMap<string, Member>,
  after: ReadonlyMap<string, Member>,
): RosterChange {
  const join = [...after.values()].filter((member) => {
    const known = before.get(member.userId)
    return !known || known.state !== member.state || known.name !== member.name
  })
  return { join, gone: [...before.keys()].filter((id) => !after.has(id)) }
}
