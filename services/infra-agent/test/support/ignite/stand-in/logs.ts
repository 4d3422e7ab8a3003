import { appendFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { machineFolder, resolve } from './manifests.ts'
import { Fatal, print } from './say.ts'
import { at, remove } from './state.ts'

const PIPE_BYTES = 64 * 1024

/** `ignite logs` (§2.3). */
export async function logs(query: string): Promise<void> {
  const { metadata, status } = resolve(query)
  // The machine must be running.
  if (!status.running) throw new Fatal(`VM "${metadata.uid}" is not running`)
  // It always takes a second.
  await delay(1_000)
  // Reading empties the console; the copy only grows.
  const console = machineFolder(metadata.uid, 'console')
  const copy = at('tmp', `ignite-${metadata.uid}.log`)
  if (existsSync(console)) appendFileSync(copy, readFileSync(console))
  remove(console)
  if (!existsSync(copy)) return
  // The copy goes into a pipe before anybody reads: above its size that is for ever.
  if (statSync(copy).size > PIPE_BYTES)
    await new Promise(() => setInterval(() => undefined, 60_000))
  // Colours and the serial console.
  print(`\u001b[0;32m${readFileSync(copy, 'utf8')}\u001b[0m\n`)
}
