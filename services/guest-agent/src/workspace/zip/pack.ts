import { batchesOf, sizeOfEntry } from '../batches.ts'
import { createBreather } from '../breathe.ts'
import type { PackInput, TreeTotals } from '../codec.ts'
import { withCrew } from '../crew/crew.ts'
import { readAhead } from '../read-ahead.ts'
import { prepareBatch } from './prepare-batch.ts'
import { ZipPacker } from './zip-packer.ts'

/** Some files of a batch make a job of a few milliseconds: many cores, little memory. */
const BATCH_BYTES = 512 * 1024

/** Writes a zip of the entries: local parts in order, then the directory. */
export async function packZip(input: PackInput): Promise<TreeTotals> {
  return withCrew(async (crew) => {
    const packer = new ZipPacker(input)
    const breathe = createBreather(input.signal)
    const batches = batchesOf(input.entries, { bytesOf: sizeOfEntry, bytesMax: BATCH_BYTES })
    const prepare = prepareBatch({ ...input, crew })
    for await (const { item, result } of readAhead(batches, crew.ahead, prepare)) {
      await breathe()
      if (item.kind === 'large') await packer.writeLarge(item.item)
      else await packer.writeBatch(result)
    }
    return packer.finish()
  })
}
