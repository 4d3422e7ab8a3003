import { type Execute, ToolFailed } from './execute.ts'
import { containerOf, type IgniteUid } from './ids.ts'
import { parseMappings } from './parse-answers.ts'

/** The device-mapper devices of root disks: `ignite-<uid>` over `ignite-<uid>-base` (§3). */
export interface Mappings {
  list(): Promise<string[]>
  remove(name: string): Promise<void>
}

export function createMappings(execute: Execute, timeoutMs: number): Mappings {
  return {
    async list() {
      const outcome = await execute('dmsetup', ['ls'], { timeoutMs })
      if (outcome.code === 0) return parseMappings(outcome.text)
      throw new ToolFailed('dmsetup ls', outcome)
    },
    async remove(name) {
      // It may be held for a moment after its user ended (§1, upstream issue 711).
      const outcome = await execute('dmsetup', ['remove', '--retry', name], { timeoutMs })
      if (outcome.code === 0 || /No such device/i.test(outcome.text)) return
      throw new ToolFailed(`dmsetup remove ${name}`, outcome)
    },
  }
}

/** The upper one first: the lower one is in use as long as that exists. */
export const mappingsOf = (uid: IgniteUid): string[] => [
  containerOf(uid),
  `${containerOf(uid)}-base`,
]

/** The machine a mapping belongs to, as text; null for one that is not ignite's. */
export const ownerOfMapping = (name: string): string | null =>
  /^(ignite-[0-9a-f]{16})(?:-base)?$/.exec(name)?.[1] ?? null
