import { VesselError } from '@vessel/proto/errors'
import type { BootId } from '@vessel/proto/ids'
import { createTurns } from '../../../host/turns.ts'
import type { Log } from '../../../vm/ports.ts'
import type { RunTool } from '../run-tool.ts'
import type { MachineNetwork, TapConnection } from './connection.ts'
import type { Forwarding } from './forwarding.ts'
import { readLinks } from './links.ts'
import { PLACE_PREFIX } from './places.ts'
import { createRuleTable } from './rule-table.ts'
import { lookAround, settle, type TapSettings } from './settle.ts'
import { createTaps, ownerOf } from './taps.ts'

export interface TapNetworkDeps {
  readonly stateDir: string
  readonly settings: TapSettings
  readonly forwarding: Forwarding
  readonly run: RunTool
  readonly log: Log
}

/** A tap for each machine. All that is known of them is what the kernel has. */
export function createTapNetwork({ stateDir, log, ...deps }: TapNetworkDeps): MachineNetwork {
  const { settings, run } = deps
  const owner = ownerOf(stateDir)
  const taps = createTaps({ owner, run })
  const parts = { ...deps, taps, table: createRuleTable({ owner, run, log }) }
  // Rules are made from a list of taps: two at a time could leave out the newest.
  const inTurn = createTurns()

  async function release(boot: BootId): Promise<void> {
    const own = (await readLinks(run)).filter((link) => taps.isOf(link, boot))
    if (own.length === 0) return
    await taps.remove(own)
    await settle(parts)
  }

  async function attach(boot: BootId): Promise<TapConnection> {
    await release(boot)
    const { mtu, dns } = await lookAround(parts)
    const { tap, address, gateway } = await taps.make(boot, { range: settings.range, mtu })
    await settle(parts)
    await taps.up(tap)
    return { kind: 'tap', tap, address: `${address}/${PLACE_PREFIX}`, gateway, mtu, dns }
  }

  return {
    attach: (boot) =>
      inTurn(async () => {
        try {
          return await attach(boot)
        } catch (cause) {
          await release(boot)
          const detail = `no network for the machine: ${(cause as Error).message}`
          throw new VesselError('BOOT_FAILED', { detail, cause })
        }
      }),

    release: (boot) => inTurn(() => release(boot)),

    sweep: (findLive) =>
      inTurn(async () => {
        // In this order: a machine that is being made has its tap before it runs.
        const found = taps.own(await readLinks(run))
        const live = [...(await findLive())]
        const left = found.filter((link) => !live.some((boot) => taps.isOf(link, boot)))
        await taps.remove(left)
        if (left.length > 0) log.warn({ taps: left.map(({ name }) => name) }, 'unused taps removed')
        await settle(parts)
      }),
  }
}
