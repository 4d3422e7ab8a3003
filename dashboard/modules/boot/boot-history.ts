import { stepName } from '@vessel/proto/steps'
import { z } from 'zod'
import type { PastBoot } from './boot-progress.ts'

/** The machine and the project change: older boots tell less and less. */
const BOOTS_MAX = 5

const stored = z
  .array(z.partialRecord(stepName, z.number().nonnegative().max(3_600_000)))
  .max(BOOTS_MAX)

const keyOf = (project: string): string => `vessel.boots.${project}`

/** Earlier boots of a project in this browser, newest first. Unreadable ones are none. */
export function readPastBoots(storage: Pick<Storage, 'getItem'>, project: string): PastBoot[] {
  const text = storage.getItem(keyOf(project))
  if (text === null) return []
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return []
  }
  const parsed = stored.safeParse(value)
  return parsed.success ? (parsed.data as PastBoot[]) : []
}

export function addPastBoot(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  project: string,
  boot: PastBoot,
): void {
  const boots = [boot, ...readPastBoots(storage, project)].slice(0, BOOTS_MAX)
  try {
    storage.setItem(keyOf(project), JSON.stringify(boots))
  } catch {
    // Storage is full or forbidden: the next progress bar counts steps, nothing else is lost.
  }
}
