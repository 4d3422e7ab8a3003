import { execFile } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'

const TIMEOUT_MS = 60_000
const DISK_BYTES = String(4 * 1024 ** 3)
/** All of it made now: a kernel that goes on making it would be measured with the rest. */
const MAKE = ['-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0']

const run = (command: string, ...args: string[]) =>
  promisify(execFile)(command, args, { timeout: TIMEOUT_MS })

/** Places to write to which have held nothing yet. */
export interface Disks {
  /** Whether each is a file system of its own. */
  readonly areOwn: boolean
  with<R>(work: (place: string) => Promise<R>): Promise<R>
}

/**
 * A new file system for each, as every machine has one. On ext4 a file is created many times
 * slower for minutes after thousands were deleted; who comes second would pay for who came first.
 * It takes root to mount them: for others it is a folder each, of which none is deleted before all.
 */
export function createDisks(folder: string): Disks {
  const areOwn = process.getuid?.() === 0
  let count = 0
  const nextPlace = () => {
    count += 1
    return join(folder, `disk-${count}`)
  }
  return {
    areOwn,
    async with(work) {
      const place = nextPlace()
      await mkdir(place)
      return areOwn ? withMounted(place, work) : work(place)
    },
  }
}

async function withMounted<R>(place: string, work: (place: string) => Promise<R>): Promise<R> {
  const image = `${place}.img`
  await run('truncate', '-s', DISK_BYTES, image)
  try {
    await run('mkfs.ext4', ...MAKE, image)
    await run('mount', '-o', 'loop', image, place)
    try {
      // Below its root, where ext4 keeps a folder of its own.
      const inside = join(place, 'inside')
      await mkdir(inside)
      return await work(inside)
    } finally {
      await run('umount', place)
    }
  } finally {
    await rm(image, { force: true })
  }
}
