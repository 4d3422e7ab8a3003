import { VesselError } from '@vessel/proto/errors'
import type { IgniteImages } from './arguments.ts'
import type { IgniteHost } from './host.ts'
import type { Held } from './host-mutex.ts'
import { igniteFailed, type StoredKind } from './ignite.ts'

/**
 * Makes image and kernel ready before the first machine asks for them, one after the other. Left to
 * `run`, first machines that start together import the image once each, and from then on no machine
 * can be made of it (facts §3, failure 6).
 */
export async function ensureImages(
  host: IgniteHost,
  images: IgniteImages,
  held: Held,
): Promise<void> {
  await ensureStored(host, { kind: 'image', name: images.image, held })
  await ensureStored(host, { kind: 'kernel', name: images.kernel, held })
}

interface Wanted {
  readonly kind: StoredKind
  readonly name: string
  readonly held: Held
}

async function ensureStored(host: IgniteHost, { kind, name, held }: Wanted): Promise<void> {
  const { ignite, log } = host
  const find = async () => (await ignite.stored(kind)).filter((stored) => stored.name === name)
  const before = await find()
  if (before.length === 1) return
  // Nobody can say which of several a machine stands on, so all go and one comes back.
  for (const { id } of before) {
    log.warn({ kind, name, imageId: id }, 'image was imported more than once')
    const outcome = await ignite.forget(kind, id, { held })
    if (outcome.code !== 0) throw igniteFailed([kind, 'rm'], outcome)
  }
  log.info({ kind, name }, 'importing, which takes a while')
  const outcome = await ignite.import(kind, name, { held })
  if (outcome.code !== 0) throw igniteFailed([kind, 'import'], outcome)
  const after = await find()
  if (after.length === 1) return
  const detail = `ignite imported the ${kind} ${name}, but lists it ${after.length} times: is it \
named in full, with its tag?`
  throw new VesselError('BOOT_FAILED', { detail })
}
