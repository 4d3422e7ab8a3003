import { writeFile } from 'node:fs/promises'
import { parseValue } from '@vessel/proto/parse'
import { type Execute, type Outcome, ToolFailed } from './execute.ts'
import type { Held } from './host-mutex.ts'
import { type IgniteUid, igniteUid } from './ids.ts'
import {
  type Inspected,
  LISTING_TEMPLATE,
  type ListedMachine,
  parseImages,
  parseInspected,
  parseListing,
  type StoredImage,
} from './parse-answers.ts'
import { failureIn, failureKind } from './parse-log.ts'
import type { Timeouts } from './timeouts.ts'

/** What ignite keeps a copy of, each with its own commands. */
export type StoredKind = 'image' | 'kernel'

interface Change {
  readonly held: Held
  /** Where the output goes besides to us; without one, to the file of the last command. */
  readonly output?: string
  readonly signal?: AbortSignal
}

/** The `ignite` command. What changes the host can only be called with the lock in hand. */
export interface Ignite {
  run(args: readonly string[], change: Change): Promise<Outcome>
  start(uid: IgniteUid, change: Change): Promise<Outcome>
  remove(uid: IgniteUid, change: Change): Promise<Outcome>
  /** Every machine of the host, ours or not, running or not. */
  machines(): Promise<ListedMachine[]>
  /** Null when there is no such machine. */
  inspect(uid: IgniteUid): Promise<Inspected | null>
  /** What the console holds, as far as it comes before the timeout. */
  logs(uid: IgniteUid): Promise<string>
  stored(kind: StoredKind): Promise<StoredImage[]>
  import(kind: StoredKind, name: string, change: Change): Promise<Outcome>
  forget(kind: StoredKind, id: IgniteUid, change: Change): Promise<Outcome>
}

export interface IgniteDeps {
  readonly execute: Execute
  readonly timeouts: Timeouts
  /** Holds what the last changing command said: for people. */
  readonly lastOutput: string
}

const IGNITE = 'ignite'

export function createIgnite({ execute, timeouts, lastOutput }: IgniteDeps): Ignite {
  const whole = (uid: IgniteUid): IgniteUid => parseValue(igniteUid, uid)

  async function change(
    args: readonly string[],
    timeoutMs: number,
    { held, output, signal }: Change,
  ): Promise<Outcome> {
    if (output === undefined) await writeFile(lastOutput, '', { mode: 0o600 })
    return execute(IGNITE, args, {
      ...{ timeoutMs, output: output ?? lastOutput, lockFd: held.fd },
      ...(signal && { signal }),
    })
  }

  async function look(...args: string[]): Promise<string> {
    const outcome = await execute(IGNITE, args, { timeoutMs: timeouts.lookMs })
    if (outcome.code !== 0) throw igniteFailed(args, outcome)
    return outcome.text
  }

  return {
    run: (args, how) => change(['run', ...args], timeouts.runMs, how),
    start: (uid, how) => change(['start', whole(uid)], timeouts.startMs, how),
    remove: (uid, how) => change(['rm', '--force', whole(uid)], timeouts.removeMs, how),
    machines: async () => parseListing(await look('ps', '--all', '-t', LISTING_TEMPLATE)),

    async inspect(uid) {
      const args = ['inspect', 'vm', whole(uid), '-o', 'json']
      const outcome = await execute(IGNITE, args, { timeoutMs: timeouts.lookMs })
      if (outcome.code !== 0) {
        if (failureKind(failureIn(outcome.text)) === 'not-found') return null
        throw igniteFailed(args, outcome)
      }
      const found = parseInspected(outcome.text)
      return found.uid === uid ? found : null
    },

    async logs(uid) {
      // It hangs for good once its own copy has outgrown a pipe (§2.3): the timeout is the end.
      return (await execute(IGNITE, ['logs', whole(uid)], { timeoutMs: timeouts.logsMs })).text
    },

    stored: async (kind) => parseImages(await look(kind, 'ls')),
    import: (kind, name, how) => change([kind, 'import', name], timeouts.importMs, how),
    forget: (kind, id, how) => change([kind, 'rm', whole(id)], timeouts.removeMs, how),
  }
}

/** An ignite command that answered with a failure, in ignite's own words. */
export const igniteFailed = (args: readonly string[], outcome: Outcome): ToolFailed =>
  new ToolFailed(`ignite ${args.slice(0, 2).join(' ')}`, {
    ...outcome,
    text: failureIn(outcome.text),
  })
