import { readFile } from 'node:fs/promises'

/** New at every boot of the machine: a handle from another boot names processes that are gone. */
export async function readHostBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}
