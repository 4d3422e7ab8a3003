import { randomBytes } from 'node:crypto'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildGuestAgent } from '@vessel/local-stack/parts/services/guest-agent'
import type { Outcome } from '../outcome.ts'
import { startGuest } from './guest.ts'

const FILES = 200
const FILE_BYTES = 10 * 1024 * 1024
const CHUNK_BYTES = 1024 * 1024
/** Of the issue. */
const MIB_MAX = 150

/** Half of each megabyte repeats itself, as code does; the rest cannot be compressed. */
async function fill(path: string): Promise<void> {
  const handle = await open(path, 'w')
  try {
    for (let at = 0; at < FILE_BYTES; at += CHUNK_BYTES) {
      await handle.write(randomBytes(CHUNK_BYTES / 2))
      await handle.write(Buffer.alloc(CHUNK_BYTES / 2, 'const answer = 42\n'))
    }
  } finally {
    await handle.close()
  }
}

/** What the guest agent itself held at most, as the kernel counted it. */
async function peakMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

/** The memory that saving two gigabytes takes: a machine may be small and its project large. */
export async function packMemory(): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-bench-'))
  // As it is installed: with its types still to be stripped it would be another program.
  const bundle = await buildGuestAgent(folder, undefined)
  const peaks: number[] = []
  try {
    for (const format of ['zip', 'tar.zst'] as const) {
      const guest = await startGuest({ argv: [bundle] })
      try {
        await guest.hydrate(null)
        for (let index = 0; index < FILES; index += 1) {
          await fill(join(guest.process.config.workspaceDir, `file-${index}.bin`))
        }
        await guest.pack(format, join(folder, 'packed'))
        peaks.push(await peakMib(guest.process.pid))
      } finally {
        await guest.process.end('SIGKILL')
        await guest.process.cleanUp()
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const [zip = Number.NaN, tar = Number.NaN] = peaks
  return {
    name: 'memory of a save of 2 GB',
    columns: ['MiB'],
    rows: [
      { what: 'peak of the guest agent, zip', values: [zip] },
      { what: 'peak of the guest agent, tar.zst', values: [tar] },
    ],
    bars: [
      {
        ...{ what: 'peak of the guest agent while it packs 2 GB', is: 'at most', unit: 'MiB' },
        ...{ limit: MIB_MAX, reached: Math.max(zip, tar) },
      },
    ],
  }
}
