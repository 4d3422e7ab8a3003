import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installGoldenImage } from '@vessel/local-stack/parts/golden/golden-image'
import { buildGuestAgent } from '@vessel/local-stack/parts/services/guest-agent'

/** The image of this checkout, from the user's cache or made now. */
export async function goldenImage(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-golden-'))
  try {
    const file = await buildGuestAgent(folder, undefined)
    return await installGoldenImage(file, { say: (text) => process.stderr.write(`${text}\n`) })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
