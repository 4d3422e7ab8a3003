import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { makeContainer, startTask, taskOf } from './containers.ts'
import { attach, map } from './loops.ts'
import { type Manifest, machineFolder, writeManifest } from './manifests.ts'
import { Fatal, say } from './say.ts'
import { addressOf, at, names, read, remove, takeFault, write } from './state.ts'
import { find } from './stored.ts'

const NETWORK = ['cni', 'networks', 'ignite-cni-bridge'] as const
const SPAWN_TIMEOUT_MS = 20_000

/** §3: addresses go round: every start gets another one. */
function lease(container: string): string {
  for (const name of names(at(...NETWORK))) {
    const owner = readFileSync(at(...NETWORK, name), 'utf8').split(/\r?\n/)[0]
    if (owner !== container) continue
    // §3, failure 1: it was not given back when the machine died, and a running task is left.
    startTask(container, 'idle.ts', [])
    throw new Fatal(
      `failed to allocate for range 0: ${name} has been allocated to ${container}, duplicate allocation is not allowed`,
    )
  }
  const last = read<number>(at('cni', 'last')) ?? 0
  const address = addressOf(last + 2)
  write(at('cni', 'last'), (last + 2) % 250)
  write(at(...NETWORK, address), `${container}\r\neth0`)
  return address
}

export function giveBack(container: string): void {
  for (const name of names(at(...NETWORK))) {
    const path = at(...NETWORK, name)
    if (readFileSync(path, 'utf8').startsWith(container)) remove(path)
  }
}

/** §3: two loop devices and two mappings for each root disk that is in use. */
function activate({ metadata: { uid }, spec }: Manifest): void {
  const name = `ignite-${uid}`
  if (names(at('mappings')).includes(name)) return
  const image = find('image', spec.image.oci)?.uid ?? ''
  map(`${name}-base`, [attach(at('firecracker', 'image', image, 'image.ext4'))])
  map(name, [attach(machineFolder(uid, 'overlay.dm'))])
}

/** `ignite start`. What it believes is the manifest, and a file that may be there from before. */
export async function start(manifest: Manifest): Promise<void> {
  const { uid } = manifest.metadata
  const container = `ignite-${uid}`
  // §3, failure 2: after a crash of the host this is all it has to say.
  if (manifest.status.running) throw new Fatal(`VM "${uid}" is already running`)
  makeContainer(container)
  const ip = lease(container)
  activate(manifest)
  const program = takeFault('dead-vmm') ? 'idle.ts' : 'spawn.ts'
  const args = [uid, ip]
  startTask(container, program, args)
  if (program === 'spawn.ts') await untilReady(uid)
  writeManifest({
    ...manifest,
    status: {
      running: true,
      runtime: { id: container, name: 'containerd' },
      startTime: new Date().toISOString(),
      network: { plugin: 'cni', ipAddresses: [ip] },
    },
  })
  say('Networking is handled by "cni"')
  say(`Started Firecracker VM "${uid}" in a container with ID "${container}"`)
  // §2.2: a failed exit with the machine running is what every wait of `run` may end with.
  if (takeFault('late-failure')) throw new Fatal('timeout waiting for ignite-spawn startup')
}

/** §3, failure 3: a socket that a crash left behind is as good as a new one. */
async function untilReady(uid: string): Promise<void> {
  const deadline = performance.now() + SPAWN_TIMEOUT_MS
  while (!existsSync(machineFolder(uid, 'prometheus.sock'))) {
    const isDead = taskOf(`ignite-${uid}`)?.isRunning !== true
    if (isDead || performance.now() > deadline) {
      throw new Fatal('timeout waiting for ignite-spawn startup')
    }
    await delay(20)
  }
}
