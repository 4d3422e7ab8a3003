import type { IgniteImages } from './arguments.ts'
import type { IgniteHost } from './host.ts'
import { ensureImages } from './images.ts'
import { sweepLeftovers } from './sweep.ts'

/** Before the first machine: leftovers away, image and kernel there, all under the host's lock. */
export function prepareHost(
  host: IgniteHost,
  settings: { readonly vmsDir: string; readonly images: IgniteImages },
): Promise<void> {
  return host.mutex.run(async (held) => {
    await sweepLeftovers(host, settings.vmsDir)
    await ensureImages(host, settings.images, held)
  })
}
