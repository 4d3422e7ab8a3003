import { access, constants, open } from 'node:fs/promises'
import { VesselError } from '@vessel/proto/errors'
import { findProgram } from '../../../host/find-program.ts'
import { type Network, overlap, textOf } from '../../../host/ipv4.ts'
import type { RunTool } from '../run-tool.ts'
import { isTap, readRoutes } from './links.ts'
import { placeWith } from './places.ts'
import { renderRules } from './rules.ts'

export interface NeedsDeps {
  readonly isRoot: boolean
  /** Whether machines of the golden image take the address they are given. */
  readonly takesAddress: boolean
  readonly range: Network
  readonly run: RunTool
}

const TUN = '/dev/net/tun'
const SETTINGS = '/proc/sys/net/ipv4/conf/all/forwarding'
/** Where the tools of the network are; not on everybody's PATH. */
const TOOLS_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

type Need = readonly [remedy: string, look: () => Promise<unknown>]

const opens = async (file: string): Promise<void> => (await open(file, 'r+')).close()

/** Null, or the one sentence that says what to do. */
async function lacks([remedy, look]: Need): Promise<string | null> {
  try {
    await look()
    return null
  } catch {
    // Whatever is wrong with it, this is what helps.
    return remedy
  }
}

/** The kernel is asked whether it takes such rules; nothing is changed. */
async function tryRules({ range, run }: NeedsDeps): Promise<void> {
  const script = renderRules({
    table: 'vessel_probe',
    machines: [placeWith('vsl0', { ...range, prefix: 30 })],
    ...{ dns: ['192.0.2.53'], denied: [textOf(range)], allowed: [], closedUplinks: ['lo'] },
  })
  await run('nft', ['--check', '-f', '-'], script)
}

async function findOverlap({ range, run }: NeedsDeps): Promise<string | null> {
  const routes = (await readRoutes(run)).filter(({ link }) => !isTap({ name: link }))
  const taken = routes.find(({ network }) => network !== null && overlap(network, range))
  if (!taken) return null
  return `QEMU_TAP_RANGE: ${textOf(range)} is in use at ${taken.link}; choose another range`
}

/** What this host lacks for a tap per machine, each with its remedy; empty when it may begin. */
export async function missingForTap(deps: NeedsDeps): Promise<string[]> {
  if (!deps.isRoot) return ['start the agent as root']
  const tools: Need[] = [
    ['apt-get install iproute2', () => findProgram('ip', TOOLS_PATH)],
    ['apt-get install nftables', () => findProgram('nft', TOOLS_PATH)],
    [`modprobe tun (${TUN} cannot be opened)`, () => opens(TUN)],
    ['make /proc/sys/net writable', () => access(SETTINGS, constants.W_OK)],
  ]
  const missing = (await Promise.all(tools.map(lacks))).filter((remedy) => remedy !== null)
  if (!deps.takesAddress) missing.push('make the golden image anew: its machines take no address')
  if (missing.length > 0) return missing
  const inUse = await findOverlap(deps)
  const refused = await tryRules(deps).then(
    () => null,
    (thrown) => `the kernel refuses the rules: ${VesselError.from(thrown).message}`,
  )
  return [inUse, refused].filter((sentence) => sentence !== null)
}
