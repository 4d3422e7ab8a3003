import { existsSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { killTask, removeContainer, removeTask, taskOf } from './containers.ts'
import { allLoops, detach, unmap } from './loops.ts'
import { type Manifest, machineFolder, resolve } from './manifests.ts'
import { Fatal, say } from './say.ts'
import { withSnapshotLock } from './snapshot-lock.ts'
import { giveBack } from './start.ts'
import { at, names, read, remove } from './state.ts'

/** `ignite rm`. What it takes along depends on what the manifest believes. */
export async function removeMachine(query: string, isForced: boolean): Promise<void> {
  const manifest = resolve(query)
  const { uid, name } = manifest.metadata
  if (manifest.status.running && !isForced) throw new Fatal(`${uid} is running`)
  if (manifest.status.running) await stop(manifest)
  // §3, failure 1: of a machine that died by itself, task, container and lease remain.
  await withSnapshotLock(async () => deactivate(uid))
  remove(machineFolder(uid))
  say(`Removed VM with name "${name}" and ID "${uid}"`)
}

async function stop({ metadata: { uid } }: Manifest): Promise<void> {
  const container = `ignite-${uid}`
  // §2.3: behind a full console it hung for more than 150 s, until the task was gone.
  while ((read<number>(at('faults', 'hanging-rm')) ?? 0) > 0 && taskOf(container)?.isRunning) {
    await delay(50)
  }
  // §3, failure 2: after a crash of the host there is no task; lease and container leak.
  if (taskOf(container)?.isRunning !== true) return
  giveBack(container)
  say(`Removing the container with ID "${container}" from the "cni" network`)
  killTask(container)
  removeTask(container)
  // §3, failure 4: containerd keeps the container unless the machine was running.
  removeContainer(container)
}

function deactivate(uid: string): void {
  for (const name of [`ignite-${uid}`, `ignite-${uid}-base`]) {
    const over = read<{ over: string[] }>(at('mappings', name))?.over ?? []
    if (!names(at('mappings')).includes(name)) continue
    unmap(name)
    for (const device of over) if (existsSync(device)) detach(device)
  }
  for (const { device, file } of allLoops()) {
    if (file.startsWith(machineFolder(uid))) detach(device)
  }
}
