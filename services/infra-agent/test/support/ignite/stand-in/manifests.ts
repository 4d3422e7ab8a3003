import { existsSync } from 'node:fs'
import { Fatal } from './say.ts'
import { at, names, read, write } from './state.ts'

/** §2.5: the manifest of a machine, of which only what the driver could read is here. */
export interface Manifest {
  readonly kind: 'VM'
  readonly apiVersion: string
  readonly metadata: { readonly name: string; readonly uid: string; readonly created: string }
  readonly spec: {
    readonly image: { readonly oci: string }
    readonly cpus: number
    readonly memory: string
    readonly storage: { readonly volumes?: readonly { blockDevice: { path: string } }[] }
  }
  readonly status: {
    readonly running: boolean
    readonly runtime?: { readonly id: string; readonly name: string }
    readonly startTime?: string
    readonly network?: { readonly plugin: string; readonly ipAddresses: readonly string[] | null }
  }
}

export const machineFolder = (uid: string, ...parts: string[]): string =>
  at('firecracker', 'vm', uid, ...parts)

export const readManifest = (uid: string): Manifest | null =>
  read<Manifest>(machineFolder(uid, 'metadata.json'))

export const writeManifest = (manifest: Manifest): void => {
  // One that was removed meanwhile does not come back.
  const { uid } = manifest.metadata
  if (existsSync(machineFolder(uid))) write(machineFolder(uid, 'metadata.json'), manifest)
}

export const manifests = (): Manifest[] =>
  names(at('firecracker', 'vm')).flatMap((uid) => readManifest(uid) ?? [])

/**
 * §2.3: the exact id or name wins; otherwise a single machine whose id *or* name begins with the
 * argument is taken, whoever it belongs to.
 */
export function resolve(query: string): Manifest {
  const all = manifests()
  const exact = all.find(({ metadata }) => metadata.uid === query || metadata.name === query)
  if (exact) return exact
  const beginning = all.filter(
    ({ metadata }) => metadata.uid.startsWith(query) || metadata.name.startsWith(query),
  )
  const [only] = beginning
  if (beginning.length === 0 || !only) {
    throw new Fatal(`can't find VM: no ID/name matches for "${query}"`)
  }
  if (beginning.length > 1) throw new Fatal(`ambiguous VM query: "${query}"`)
  return only
}
