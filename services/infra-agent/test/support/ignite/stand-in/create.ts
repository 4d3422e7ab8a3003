import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { bytesOf, type RunFlags } from './flags.ts'
import { allLoops, attach, detach } from './loops.ts'
import { type Manifest, machineFolder, manifests, writeManifest } from './manifests.ts'
import { Fatal, say } from './say.ts'
import { withSnapshotLock } from './snapshot-lock.ts'
import { at, remove, takeFault } from './state.ts'
import { ensure } from './stored.ts'

const MIB = 1024 * 1024

function checkName(name: string): void {
  // §2.2: lower case, as a DNS name; a duplicate is refused.
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)) {
    throw new Fatal(`.metadata.name: Invalid value: "${name}"`)
  }
  if (manifests().some(({ metadata }) => metadata.name === name)) {
    throw new Fatal(`invalid VM id/name "${name}": already exists`)
  }
}

/** §2.4: a block device and nothing else; symbolic links are followed. */
function checkVolume(volume: string): string {
  const [path = '', inside] = volume.split(':')
  if (inside === undefined) throw new Fatal('volumes must be in the /host/path:/vm/path format')
  if (!existsSync(path)) throw new Fatal('device path not found')
  const real = realpathSync(path)
  if (allLoops().some(({ device }) => device === real)) return path
  const fault = `Invalid value: "${path}": not a device file`
  throw new Fatal(`.spec.storage.[0].blockDevice.path: ${fault}`)
}

function checkMemory(memory: string): void {
  const bytes = bytesOf(memory)
  if (bytes === null) throw new Fatal(`invalid argument "${memory}" for "--memory" flag`)
  // §2.2: a bare number is bytes, with which nothing boots.
  if (bytes < 64 * MIB) throw new Fatal(`firecracker: memory of ${bytes} bytes`)
}

/** `ignite create`: the root disk is made ready; what was asked to be copied lies in it. */
export async function create(flags: RunFlags): Promise<Manifest> {
  const name = flags.get('--name') ?? `random-${randomBytes(4).toString('hex')}`
  checkName(name)
  checkMemory(flags.get('--memory') ?? '512MB')
  const image = await ensure('image', flags.image)
  await ensure('kernel', flags.get('--kernel-image') ?? '')
  const volume = checkVolume(flags.get('--volumes') ?? '')
  for (const { host } of flags.copies) statSync(host)

  const uid = randomBytes(8).toString('hex')
  mkdirSync(machineFolder(uid), { recursive: true })
  await withSnapshotLock(async () => failOrPrepare(uid, { name, image: image.uid }))
  for (const { host, vm } of flags.copies) {
    mkdirSync(dirname(machineFolder(uid, 'root', vm)), { recursive: true })
    copyFileSync(host, machineFolder(uid, 'root', vm))
  }
  const manifest: Manifest = {
    ...{ kind: 'VM', apiVersion: 'ignite.weave.works/v1alpha4' },
    metadata: { name, uid, created: new Date().toISOString() },
    spec: {
      image: { oci: flags.image },
      cpus: Number(flags.get('--cpus')),
      memory: flags.get('--memory') ?? '512MB',
      storage: { volumes: [{ blockDevice: { path: volume } }] },
    },
    status: { running: false },
  }
  writeManifest(manifest)
  // The living fork says it twice (§1).
  say(`Created VM ${name} (${uid})`)
  say(`Created VM with ID "${uid}" and name "${name}"`)
  return manifest
}

/** §3, failure 5: a create that fails leaves an empty folder and two loop devices. */
function failOrPrepare(uid: string, { name, image }: { name: string; image: string }): void {
  const overlay = machineFolder(uid, 'overlay.dm')
  writeFileSync(overlay, '')
  const devices = [attach(at('firecracker', 'image', image, 'image.ext4')), attach(overlay)]
  if (takeFault('create')) {
    remove(overlay)
    say(`Removed VM with name "${name}" and ID "${uid}"`)
    throw new Fatal('failed to format overlay: command "mkfs.ext4" exited with 1')
  }
  for (const device of devices) detach(device)
}
