import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { hasErrorCode, readIfThere, writeDurably } from '../../../host/files.ts'

const IPV4 = '/proc/sys/net/ipv4'
const HOST_FORWARDING = `${IPV4}/ip_forward`
const IPV6 = '/proc/sys/net/ipv6'

/** Of each tap: forward what comes from it, and answer for nothing but its own address. */
const TAP_SETTINGS = [
  ['forwarding', '1'],
  ['rp_filter', '1'],
  ['arp_ignore', '1'],
  ['accept_redirects', '0'],
  ['accept_source_route', '0'],
  ['send_redirects', '0'],
] as const

const openedFile = z.object({ hostBootId: z.string(), links: z.array(z.string()) })

export interface ForwardingDeps {
  /** Where the links that did not forward before us are written down. */
  readonly file: string
  readonly hostBootId: string
}

async function isOn(file: string): Promise<boolean> {
  return ((await readIfThere(file)) ?? '0').trim() !== '0'
}

const forwardingOf = (link: string): string => join(IPV4, 'conf', link, 'forwarding')

async function set(file: string, value: string): Promise<void> {
  try {
    if ((await readFile(file, 'utf8')).trim() !== value) await writeFile(file, value)
  } catch (thrown) {
    // The link went, or the host knows no IPv6.
    if (!hasErrorCode(thrown, 'ENOENT')) throw thrown
  }
}

export async function prepareTap(tap: string): Promise<void> {
  for (const [name, value] of TAP_SETTINGS) await set(join(IPV4, 'conf', tap, name), value)
  await set(join(IPV6, 'conf', tap, 'disable_ipv6'), '1')
}

/**
 * Forwarding by link. The switch for the whole host stays as it is: turned on, it would make a
 * router between all of its networks.
 */
export function createForwarding({ file, hostBootId }: ForwardingDeps) {
  async function opened(): Promise<string[]> {
    const text = await readIfThere(file)
    if (text === null) return []
    const known = parseJson(openedFile, text)
    // A host that was started anew has forgotten what was set.
    return known.hostBootId === hostBootId ? known.links : []
  }

  return {
    /**
     * Writes down which of these links are to forward for our sake alone, and returns all such:
     * none once somebody made the host a router. To be called before `open`, so that an agent that
     * is killed in between still knows what to take back.
     */
    async note(uplinks: readonly string[]): Promise<string[]> {
      const before = await opened()
      const links = [...before]
      for (const link of uplinks) {
        if (!links.includes(link) && !(await isOn(forwardingOf(link)))) links.push(link)
      }
      if (links.length > before.length) {
        await writeDurably(file, JSON.stringify({ hostBootId, links }))
      }
      return (await isOn(HOST_FORWARDING)) ? [] : links
    },

    /** Lets answers come in by these links. */
    async open(uplinks: readonly string[]): Promise<void> {
      for (const link of uplinks) await set(forwardingOf(link), '1')
    },

    /** Nobody needs it any more: everything is again as it was found. */
    async close(): Promise<void> {
      if ((await readIfThere(file)) === null) return
      if (!(await isOn(HOST_FORWARDING))) {
        for (const link of await opened()) await set(forwardingOf(link), '0')
      }
      await rm(file, { force: true })
    },
  }
}
export type Forwarding = ReturnType<typeof createForwarding>
