import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { z } from 'zod'
import { networkModeOf } from '../../../src/drivers/qemu/network/choose.ts'
import type { TapConnection } from '../../../src/drivers/qemu/network/connection.ts'
import { missingForTap } from '../../../src/drivers/qemu/network/needs.ts'
import type { Counter } from '../../../src/drivers/qemu/network/rules.ts'
import { runTool } from '../../../src/drivers/qemu/run-tool.ts'
import { newBootId } from '../agent.ts'
import type { Cleanup } from '../processes.ts'
import {
  connectNamespaces,
  createNamespace,
  ip,
  plugInto,
  type Remote,
  startIn,
} from './namespaces.ts'

/** Addresses for documentation: nobody has them. */
export const OUTSIDE = '198.51.100.2'
export const HOST = '198.51.100.1'
export const NEIGHBOUR = '203.0.113.2'
export const PRIVATE = '192.168.77.2'
export const NAME_SERVER = '192.168.77.53'
export const METADATA = '169.254.169.254'
export const RANGE = '10.62.0.0/16'

export const SETTINGS = {
  range: RANGE,
  dns: [NAME_SERVER],
  denied: ['10.0.0.0/8', '192.168.0.0/16'],
  allowed: [],
}

async function fallsBack(): Promise<void> {
  const needs = { isRoot: false, takesAddress: true, range: { base: 0, prefix: 16 }, run: runTool }
  expect(networkModeOf('auto', await missingForTap(needs))).toBe('restricted')
}

/** The suite as root. Anybody else gets no tap and the network they always had: that is tried. */
export function describeAsRoot(name: string, suite: () => void): void {
  const isRoot = process.getuid?.() === 0
  describe(
    name,
    isRoot ? suite : () => it('is for root, and nobody else loses anything', fallsBack),
  )
}

/** A host between the outside and a neighbour that it never forwarded for. */
export async function createHost(cleanup: Cleanup) {
  const host = await createNamespace(cleanup, 'host')
  const outside = await createNamespace(cleanup, 'out')
  const neighbour = await createNamespace(cleanup, 'near')
  await connectNamespaces(
    { namespace: host, link: 'up0', address: `${HOST}/24` },
    { namespace: outside, link: 'eth0', address: `${OUTSIDE}/24` },
  )
  await connectNamespaces(
    { namespace: host, link: 'lan0', address: '203.0.113.1/24' },
    { namespace: neighbour, link: 'eth0', address: `${NEIGHBOUR}/24` },
  )
  await ip(`-n ${host} route add default via ${OUTSIDE}`)
  await ip(`-n ${outside} route add default via ${HOST}`)
  await ip(`-n ${neighbour} route add default via 203.0.113.1`)
  for (const address of [PRIVATE, NAME_SERVER, METADATA]) {
    await ip(`-n ${outside} address add ${address}/32 dev lo`)
  }
  return { host, outside, neighbour }
}

export async function listenIn(cleanup: Cleanup, namespace: string): Promise<Remote> {
  const peer = startIn(cleanup, namespace, 'peer.ts')
  await peer.call('listen')
  return peer
}

/** What reached it since it was asked last. */
export const heardBy = async (peer: Remote): Promise<string[]> =>
  z.array(z.string()).parse(await peer.call('heard'))

export interface TestMachine extends TapConnection {
  readonly boot: string
  readonly ip: string
  readonly namespace: string
  readonly peer: Remote
}

/** Something with a tap of the host, as a machine would have it. */
export async function createMachine(
  cleanup: Cleanup,
  host: string,
  taps: Remote,
): Promise<TestMachine> {
  const boot = newBootId()
  const connection = (await taps.call('attach', boot)) as TapConnection
  const { tap, address, gateway } = connection
  const namespace = await createNamespace(cleanup, tap)
  await plugInto(cleanup, { host, name: tap }, { namespace, address, gateway })
  const peer = await listenIn(cleanup, namespace)
  return { ...connection, boot, ip: address.split('/')[0] ?? '', namespace, peer }
}

const counterList = z.object({
  nftables: z.array(
    z.object({ counter: z.object({ name: z.string(), packets: z.int() }).optional() }),
  ),
})

export async function runIn(namespace: string, ...command: string[]): Promise<string> {
  const words = ['netns', 'exec', namespace, ...command]
  return (await promisify(execFile)('/sbin/ip', words)).stdout
}

const nft = (namespace: string, words: string) => runIn(namespace, 'nft', ...words.split(' '))

/** How many packets were dropped for this reason, since the rules are there. */
export async function dropped(namespace: string, counter: Counter): Promise<number> {
  const { nftables } = counterList.parse(JSON.parse(await nft(namespace, '-j list counters')))
  const found = nftables.filter((entry) => entry.counter?.name === counter)
  return found.reduce((sum, entry) => sum + (entry.counter?.packets ?? 0), 0)
}

export const flushRules = (namespace: string) => nft(namespace, 'flush ruleset')

export const tablesIn = async (namespace: string): Promise<string[]> =>
  (await nft(namespace, 'list tables')).split('\n').filter((line) => line !== '')

/** Names of the taps, whoever made them. */
export async function tapsIn(namespace: string): Promise<string[]> {
  const links = z
    .array(z.object({ ifname: z.string() }))
    .parse(JSON.parse(await ip(`-n ${namespace} -json link show`)))
  return links.map(({ ifname }) => ifname).filter((name) => name.startsWith('vsl'))
}

const settingFile = (name: string) => `/proc/sys/net/ipv4/${name}`

/** A setting of the namespace's own network, such as `conf/up0/forwarding`. */
export const settingIn = async (namespace: string, name: string): Promise<string> =>
  (await runIn(namespace, 'cat', settingFile(name))).trim()

export const changeSetting = (namespace: string, name: string, value: string) =>
  runIn(namespace, 'sh', '-c', `echo ${value} >${settingFile(name)}`)
