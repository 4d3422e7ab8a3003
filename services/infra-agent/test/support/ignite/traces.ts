import { readdir, readFile } from 'node:fs/promises'
import { createExecute } from '../../../src/drivers/ignite/execute.ts'
import { controlSocket, machineDir } from '../../../src/drivers/ignite/host-places.ts'
import { containerOf, igniteUid } from '../../../src/drivers/ignite/ids.ts'
import { readLeases } from '../../../src/drivers/ignite/leases.ts'
import type { MachineHandle } from '../../../src/vm/ports.ts'
import type { IgniteWorld } from './world.ts'

export const uidOf = (handle: MachineHandle) => igniteUid.parse(handle.uid)

/** Everything on the host that speaks of machines of this world, or of nothing any more. */
export async function tracesOf({ host, paths, places, settings }: IgniteWorld): Promise<string[]> {
  const machines = await host.ignite.machines()
  const own = machines.filter(({ name }) => name.startsWith(`vessel.${settings.owner}.`))
  const others = new Set(machines.filter((each) => !own.includes(each)).map(({ uid }) => uid))
  const isOthers = (text: string) => [...others].some((uid) => text.includes(uid))
  const loops = (await host.loops.list()).filter(
    ({ file }) => file.includes(paths.vmsDir) || file.startsWith(`${places.igniteDir}/vm/`),
  )
  const folders = await readdir(`${places.igniteDir}/vm`).catch(() => [])
  const owners = (await readLeases(places.leasesDir)).map(({ owner }) => owner)
  const found = [
    ...own.map(({ name }) => `machine ${name}`),
    ...(await host.containerd.containers()).map((name) => `container ${name}`),
    ...owners.filter((owner) => owner.startsWith('ignite-')).map((owner) => `lease of ${owner}`),
    ...(await host.mappings.list())
      .filter((name) => name.startsWith('ignite-'))
      .map((name) => `mapping ${name}`),
    ...loops.map(({ device, file }) => `${device} over ${file}`),
    ...folders.map((uid) => `folder ${uid}`),
  ]
  return found.filter((text) => !isOthers(text))
}

/** Firecracker dies, or the guest powers off: the process at the socket ends. */
export async function endVmm({ places }: IgniteWorld, handle: MachineHandle): Promise<void> {
  const socket = controlSocket(places, uidOf(handle))
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const argv = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (argv.split('\0').includes(socket)) process.kill(Number(pid), 'SIGKILL')
  }
}

/** Everything in the container dies at once, as in a crash of the host: nobody tells ignite. */
export async function endSandbox(world: IgniteWorld, handle: MachineHandle): Promise<void> {
  const execute = createExecute(world.standIn?.path ?? process.env.PATH ?? '')
  const args = ['-n', 'firecracker', 'tasks', 'kill', '-s', 'SIGKILL', containerOf(uidOf(handle))]
  const outcome = await execute('ctr', args, { timeoutMs: 10_000 })
  if (outcome.code !== 0) throw new Error(outcome.text)
}

export const folderOf = (world: IgniteWorld, handle: MachineHandle): string =>
  machineDir(world.places, uidOf(handle))
