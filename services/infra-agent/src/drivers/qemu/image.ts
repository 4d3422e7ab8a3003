import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'

/** `image.json` of a golden image folder, as its recipe writes it. */
const imageFile = z.object({
  version: z.literal(1),
  disk: z.string(),
  kernel: z.string(),
  initrd: z.string(),
  /** Whether its machines take the address they are given; older images have one of their own. */
  takesAddress: z.boolean().default(false),
  ide: z.object({ command: z.array(z.string()).min(1), healthPath: z.string().startsWith('/') }),
})

export interface GoldenImage {
  readonly disk: string
  readonly kernel: string
  readonly initrd: string
  readonly takesAddress: boolean
  /** As it lies inside the machine. */
  readonly ide: { readonly command: readonly string[]; readonly healthPath: string }
}

export async function readGoldenImage(folder: string): Promise<GoldenImage> {
  const image = parseJson(imageFile, await readFile(join(folder, 'image.json'), 'utf8'))
  return {
    disk: join(folder, image.disk),
    kernel: join(folder, image.kernel),
    initrd: join(folder, image.initrd),
    takesAddress: image.takesAddress,
    ide: image.ide,
  }
}
