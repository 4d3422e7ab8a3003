import { constants } from 'node:fs'
import { access, readdir, readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { findProgram } from '../../host/find-program.ts'
import { createExecute } from './execute.ts'

type Look = readonly [check: string, look: () => Promise<string>]

/** Ours first; then what ignite looks for at every start, and what it needs and does not say. */
const TOOLS = [
  ...['ignite', 'ctr', 'flock', 'losetup', 'dmsetup', 'mke2fs'],
  ...['mount', 'umount', 'tar', 'mkfs.ext4', 'e2fsck', 'resize2fs', 'strings', 'ssh', 'git'],
  ...['iptables', 'blkid', 'ssh-keygen'],
]
const DEVICES = [
  ['/dev/kvm', 'switch virtualisation on in the firmware and load kvm_intel or kvm_amd'],
  ['/dev/net/tun', 'modprobe tun'],
  ['/dev/mapper/control', 'modprobe dm_snapshot'],
  ['/dev/loop-control', 'modprobe loop'],
] as const
const PLUGINS = ['loopback', 'bridge', 'host-local', 'portmap', 'firewall']

const CONTAINERD = '/run/containerd/containerd.sock'
const PLUGINS_DIR = '/opt/cni/bin'
const NETWORKS_DIR = '/etc/cni/net.d'
const FORWARDING = '/proc/sys/net/ipv4/ip_forward'
const VERSION_TIMEOUT_MS = 10_000

/** Ignite takes the first network in the order of names, whoever put it there (§3). */
export function describeNetwork(names: readonly string[]): string {
  const [first] = names.filter((name) => /\.(conflist|conf|json)$/.test(name)).sort()
  if (first === undefined) {
    return 'none yet: ignite makes one in which machines reach each other, see docs/deployment.md'
  }
  if (first.includes('ignite')) return first
  throw new Error(`ignite would use ${first}: give it its own, named to come first`)
}

async function lookAtDevice(path: string, remedy: string): Promise<string> {
  try {
    await access(path, constants.R_OK | constants.W_OK)
    return path
  } catch (cause) {
    throw new Error(`${path} cannot be opened: ${remedy}`, { cause })
  }
}

async function lookAtIgnite(path: string): Promise<string> {
  const options = { timeoutMs: VERSION_TIMEOUT_MS }
  const { code, text } = await createExecute(path)('ignite', ['version', '-o', 'short'], options)
  if (code === 0) return text.trim()
  throw new Error(`ignite does not run (${code}): ${text.slice(0, 200)}`)
}

/** What the host must have for machines by ignite, each with its remedy. */
export function igniteLooks(path: string): Look[] {
  return [
    [
      'root',
      async () => {
        if (userInfo().uid === 0) return 'yes'
        throw new Error('ignite refuses to work for anybody else: start the agent as root')
      },
    ],
    ...TOOLS.map((tool): Look => [tool, () => findProgram(tool, path)]),
    ['version of ignite', () => lookAtIgnite(path)],
    ...DEVICES.map(([device, remedy]): Look => [device, () => lookAtDevice(device, remedy)]),
    ['containerd', () => lookAtDevice(CONTAINERD, 'install containerd and start it')],
    ...PLUGINS.map(
      (name): Look => [`network plugin ${name}`, () => findProgram(join(PLUGINS_DIR, name), path)],
    ),
    ['network', async () => describeNetwork(await readdir(NETWORKS_DIR).catch(() => []))],
    [
      'forwarding',
      async () => {
        if ((await readFile(FORWARDING, 'utf8')).trim() === '1') return 'on'
        throw new Error('machines reach nothing: sysctl net.ipv4.ip_forward=1')
      },
    ],
  ]
}
