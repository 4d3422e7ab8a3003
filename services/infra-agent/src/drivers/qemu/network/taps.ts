import { createHash } from 'node:crypto'
import type { BootId } from '@vessel/proto/ids'
import type { Network } from '../../../host/ipv4.ts'
import type { RunTool } from '../run-tool.ts'
import { isTap, type Link, readLinks } from './links.ts'
import { freePlace, PLACE_PREFIX, type Place } from './places.ts'

/** Another agent of this host may take a place between our look and our try. */
const PLACE_TRIES_MAX = 10

/** Tells apart what several agents of one host made, for as long as they keep their folders. */
export const ownerOf = (stateDir: string): string =>
  createHash('sha256').update(stateDir).digest('hex').slice(0, 8)

const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.message.includes('Device or resource busy')

export type Taps = ReturnType<typeof createTaps>

/** The tap devices of this agent. Each says in the kernel whose it is: there is no other list. */
export function createTaps({ owner, run }: { owner: string; run: RunTool }) {
  const aliasOf = (boot: string): string => `vessel:${owner}:${boot}`

  async function add({ tap, gateway }: Place, boot: BootId, mtu: number): Promise<void> {
    // One command, which goes on when we are killed: no tap is ever left without its owner.
    const commands = [
      `tuntap add dev ${tap} mode tap`,
      `link set dev ${tap} alias ${aliasOf(boot)} mtu ${mtu}`,
      `address add ${gateway}/${PLACE_PREFIX} dev ${tap}`,
    ]
    try {
      await run('ip', ['-batch', '-'], `${commands.join('\n')}\n`)
    } catch (thrown) {
      // Half made and without an owner; when it is another agent's it is busy, and stays.
      if (!isBusy(thrown)) await run('ip', ['link', 'delete', 'dev', tap]).catch(() => undefined)
      throw thrown
    }
  }

  return {
    own: (links: readonly Link[]): Link[] =>
      links.filter((link) => isTap(link) && link.alias.startsWith(aliasOf(''))),

    isOf: (link: Link, boot: BootId): boolean => link.alias === aliasOf(boot),

    /** A new tap with a place that nothing on this host has. It carries nothing until it is up. */
    async make(boot: BootId, { range, mtu }: { range: Network; mtu: number }): Promise<Place> {
      for (let attempt = 1; ; attempt += 1) {
        const links = await readLinks(run)
        const names = new Set(links.map(({ name }) => name))
        const networks = links.flatMap((link) => link.networks)
        const place = freePlace(boot, range, { names, networks })
        if (place === null) throw new Error('every network of QEMU_TAP_RANGE is taken')
        try {
          await add(place, boot, mtu)
          return place
        } catch (thrown) {
          if (attempt === PLACE_TRIES_MAX || !isBusy(thrown)) throw thrown
        }
      }
    },

    up: (tap: string): Promise<string> => run('ip', ['link', 'set', 'dev', tap, 'up']),

    async remove(taps: readonly Link[]): Promise<void> {
      for (const { name } of taps) await run('ip', ['link', 'delete', 'dev', name])
    },
  }
}

/** Names of the taps that an agent with this state folder has on this host. */
export async function tapsOf(stateDir: string, run: RunTool): Promise<string[]> {
  const taps = createTaps({ owner: ownerOf(stateDir), run })
  return taps.own(await readLinks(run)).map(({ name }) => name)
}
