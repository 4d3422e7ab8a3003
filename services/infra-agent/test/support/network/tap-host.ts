import { mkdir } from 'node:fs/promises'
import type { BootId } from '@vessel/proto/ids'
import { createForwarding } from '../../../src/drivers/qemu/network/forwarding.ts'
import { missingForTap } from '../../../src/drivers/qemu/network/needs.ts'
import { createTapNetwork } from '../../../src/drivers/qemu/network/tap-network.ts'
import { runTool } from '../../../src/drivers/qemu/run-tool.ts'
import { readHostBootId } from '../../../src/host/identity.ts'
import { type Network, parseNetwork } from '../../../src/host/ipv4.ts'
import { createPaths } from '../../../src/paths.ts'
import { serve } from './serve.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const run = runTool
const network = (text: string): Network => {
  const parsed = parseNetwork(text)
  if (!parsed) throw new Error(`${text} is no network`)
  return parsed
}

/** A host whose agent gives taps, without machines at them. */
let taps: ReturnType<typeof createTapNetwork>

interface Settings {
  readonly range: string
  readonly dns: readonly string[]
  readonly denied: readonly string[]
  readonly allowed: readonly string[]
}

serve({
  async open(stateDir: string, { range, dns, denied, allowed }: Settings) {
    await mkdir(stateDir, { recursive: true })
    const file = createPaths(stateDir).forwarding
    const settings = { dns, denied: denied.map(network), allowed: allowed.map(network) }
    taps = createTapNetwork({
      ...{ stateDir, run, log: silent, settings: { ...settings, range: network(range) } },
      forwarding: createForwarding({ file, hostBootId: await readHostBootId() }),
    })
  },
  missing: (range: string) =>
    missingForTap({ isRoot: true, takesAddress: true, range: network(range), run }),
  attach: (boot: BootId) => taps.attach(boot),
  release: (boot: BootId) => taps.release(boot),
  sweep: (live: BootId[]) => taps.sweep(async () => new Set(live)),
})
