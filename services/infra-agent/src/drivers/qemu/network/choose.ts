import { userInfo } from 'node:os'
import type { Config } from '../../../config.ts'
import { textOf } from '../../../host/ipv4.ts'
import type { Paths } from '../../../paths.ts'
import type { Log } from '../../../vm/ports.ts'
import type { GoldenImage } from '../image.ts'
import type { RunTool } from '../run-tool.ts'
import type { MachineNetwork } from './connection.ts'
import { createForwarding } from './forwarding.ts'
import { readLinks } from './links.ts'
import { missingForTap } from './needs.ts'
import { readClosedTables } from './other-rules.ts'
import { resolversFor, type TapSettings } from './settle.ts'
import { createTapNetwork } from './tap-network.ts'
import { createUserNetwork } from './user-network.ts'

export type NetworkMode = 'tap' | 'restricted' | 'open'

export interface NetworkDeps {
  readonly config: Config
  readonly image: GoldenImage
  readonly run: RunTool
}

/** Throws when a tap was asked for by name and cannot be. */
export function networkModeOf(
  wish: Config['QEMU_NETWORK'],
  missing: readonly string[],
): NetworkMode {
  if (wish === 'tap' && missing.length > 0) {
    throw new Error(`QEMU_NETWORK=tap is not possible here: ${missing.join('; ')}`)
  }
  if (wish !== 'auto') return wish
  return missing.length === 0 ? 'tap' : 'restricted'
}

function settingsOf(config: Config): TapSettings {
  return {
    range: config.QEMU_TAP_RANGE,
    dns: config.QEMU_DNS,
    denied: config.QEMU_DENIED_NETWORKS,
    allowed: config.QEMU_ALLOWED_NETWORKS,
  }
}

const WORDS: Record<NetworkMode, string> = {
  tap: 'machines reach the network by a tap each, but neither this host nor each other',
  restricted: 'machines reach no network: npm install and git clone do not work in them',
  open: 'machines reach the network and whatever listens on the loopback of this host',
}

export interface NetworkVerdict {
  readonly mode: NetworkMode
  readonly missing: readonly string[]
  /** For people: what is in force, and what it rests on or what a tap would need. */
  readonly words: string
  readonly facts: Readonly<Record<string, string>>
}

/** Throws when what was asked for cannot be. */
export async function judgeNetwork({ config, image, run }: NetworkDeps): Promise<NetworkVerdict> {
  const { QEMU_TAP_RANGE: range, QEMU_NETWORK: wish, QEMU_DNS: wishedDns } = config
  const isRoot = userInfo().uid === 0
  const missing = await missingForTap({ isRoot, takesAddress: image.takesAddress, range, run })
  const mode = networkModeOf(wish, missing)
  const verdict = { mode, missing, words: WORDS[mode] }
  if (mode === 'tap') {
    const dns = (await resolversFor(await readLinks(run), wishedDns)).join(', ')
    const closed = (await readClosedTables(run)).join(', ')
    // They may let taps through by a rule of theirs, so this is for a person to judge.
    const mayBlock = closed === '' ? {} : { mayBlock: `table ${closed} drops what is forwarded` }
    const facts = { range: textOf(range), dns: dns || 'none: set QEMU_DNS', ...mayBlock }
    return { ...verdict, facts }
  }
  const isWanted = wish === 'auto' && missing.length > 0
  return { ...verdict, facts: isWanted ? { forTap: missing.join('; ') } : {} }
}

/** The network that machines of this host get from now on, said in the log. */
export async function chooseNetwork(
  deps: NetworkDeps & { paths: Paths; hostBootId: string; log: Log },
): Promise<MachineNetwork> {
  const { config, paths, hostBootId, run, log } = deps
  const { mode, missing, words, facts } = await judgeNetwork(deps)
  if (mode === 'tap') log.info(facts, words)
  else log.warn(facts, words)
  const user = createUserNetwork(mode === 'open')
  if (missing.length > 0) return user
  const forwarding = createForwarding({ file: paths.forwarding, hostBootId })
  const { stateDir } = paths
  const tap = createTapNetwork({ stateDir, settings: settingsOf(config), forwarding, run, log })
  // Machines of an agent that was set up otherwise keep their taps, and lose them when they end.
  return mode === 'tap' ? tap : { ...tap, attach: user.attach }
}
