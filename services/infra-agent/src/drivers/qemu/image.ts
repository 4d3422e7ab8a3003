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
  ide: z.object({ command: z.array(z.string()).min(1), healthPath: z.string().startsWith('/') }),
})

export interface GoldenImage {
  readonly disk: string
  readonly kernel: string
  readonly initrd: string
  /** As it lies inside the machine. */
  readonly ide: { readonly command: readonly string[]; readonly healthPath: string }
}

export async function readGoldenImage(folder: string): Promise<GoldenImage> {
  const image = parseJson(imageFile, await readFile(join(folder, 'image.json'), 'utf8'))
  return {
    disk: join(folder, image.disk),
    kernel: join(folder, image.kernel),
    initrd: join(folder, image.initrd),
    ide: image.ide,
  }
}
