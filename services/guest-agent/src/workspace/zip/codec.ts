import { open } from 'node:fs/promises'
import { checkTree } from '../check-tree.ts'
import type { ArchiveCodec, CheckedArchive } from '../codec.ts'
import { packZip } from './pack.ts'
import { readDirectory } from './read-directory.ts'
import { readTargets, unpackZip } from './unpack.ts'

/** Zip, the default: any project can be opened with any tool. */
export const zipCodec: ArchiveCodec = {
  format: 'zip',
  isIncremental: true,
  pack: packZip,
  open: openZip,
}

async function openZip(path: string): Promise<CheckedArchive> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const { entries } = await readDirectory(file, size)
    readTargets(file, entries)
    const checked = checkTree(entries, size)
    const unpackedBytes = checked.reduce((sum, { found }) => sum + found.bytes, 0)
    return {
      totals: { entries: checked.length, unpackedBytes },
      unpack: (input) => unpackZip(file, checked, input),
      close: () => file.close(),
    }
  } catch (thrown) {
    await file.close()
    throw thrown
  }
}
