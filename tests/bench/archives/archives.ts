import { createHash } from 'node:crypto'
import { appendFile, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildGuestAgent } from '@vessel/local-stack/parts/services/guest-agent'
import type { ArchiveFormat } from '@vessel/proto/archive'
import { until } from '../../e2e/support/until.ts'
import type { Bar, Outcome } from '../outcome.ts'
import { createDisks, type Disks } from './disks.ts'
import { type Archive, type Guest, type PackedArchive, startGuest } from './guest.ts'
import { makeTree } from './make-tree.ts'
import { flush, median, pipeline, timed } from './tools.ts'

const ROUNDS = 3
const EDITED = [3, 5_005, 9_009, 14_014, 19_019]
/** A file that changed less long ago is not taken over by the next save. */
const SETTLED_MS = 4_000
/** Of the issue. */
const LIMITS = { pack: 0.5, unpack: 1.0, tarBoth: 1.3, incremental: 0.15 }

/** Where one run of this benchmark happens. */
interface Ground {
  readonly folder: string
  readonly disks: Disks
  /** The guest agent as it is installed. */
  readonly bundle: string
}

/** A machine that has packed nothing before, on a disk that has held nothing before. */
async function withGuest<R>(
  { disks, bundle }: Ground,
  work: (guest: Guest) => Promise<R>,
): Promise<R> {
  return disks.with(async (root) => {
    const guest = await startGuest({ argv: [bundle], root })
    try {
      return await work(guest)
    } finally {
      await guest.process.end('SIGKILL')
    }
  })
}

interface Figures {
  readonly pack: number
  readonly receive: number | null
  readonly unpack: number
}

async function ours(format: ArchiveFormat, archive: Archive, ground: Ground): Promise<Figures> {
  const [packs, receives, unpacks]: [number[], number[], number[]] = [[], [], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    await withGuest(ground, async (guest) => {
      await flush()
      const { receiveMs, unpackMs } = await guest.hydrate(archive)
      receives.push(receiveMs)
      unpacks.push(unpackMs)
      packs.push(await timed(() => guest.pack(format, join(ground.folder, 'ours'))))
    })
  }
  return { pack: median(packs), receive: median(receives), unpack: median(unpacks) }
}

type Command = readonly [string, ...string[]]
interface Reference {
  readonly pack: readonly Command[]
  readonly unpack: readonly Command[]
}

/** What a machine answers for is on its disk: the tools are waited for until theirs is, too. */
async function reference(commands: Reference, tree: string, ground: Ground): Promise<Figures> {
  const [packs, unpacks]: [number[], number[]] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['reference.zip', 'reference.tar.zst']) {
      await rm(join(ground.folder, name), { force: true })
    }
    packs.push(await timed(() => pipeline(commands.pack, tree)))
    const unpack = async (target: string) => {
      await pipeline(commands.unpack, target)
      await pipeline([['sync', '--file-system', target]], target)
    }
    unpacks.push(await ground.disks.with((target) => timed(() => unpack(target))))
  }
  return { pack: median(packs), receive: null, unpack: median(unpacks) }
}

/** Five files of twenty thousand are edited between two saves. */
async function incremental(archive: Archive, ground: Ground) {
  return withGuest(ground, async (guest) => {
    await guest.hydrate(archive)
    const last = join(guest.process.config.workspaceDir, 'src/199/file-19999.ts')
    await until('the files have settled', async () => {
      return Date.now() - (await stat(last)).ctimeMs > SETTLED_MS
    })
    let packed: PackedArchive | undefined
    const pack = async (name: string): Promise<void> => {
      packed = await guest.pack('zip', join(ground.folder, name), packed)
    }
    const full = await timed(() => pack('full'))
    const times: number[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const index of EDITED) {
        const name = `src/${Math.floor(index / 100)}/file-${index}.ts`
        await appendFile(join(guest.process.config.workspaceDir, name), `// ${round}\n`)
      }
      times.push(await timed(() => pack(`again-${round}`)))
    }
    return { full, again: median(times) }
  })
}

const atMost = (what: string, reached: number, limit: number): Bar => ({
  ...{ what, is: 'at most', limit, reached, unit: '×' },
})

/** Saving and opening a large project, beside the tools everybody has. */
export async function archives(): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-bench-'))
  const disks = createDisks(folder)
  try {
    const bundle = await buildGuestAgent(folder, undefined)
    return await disks.with((tree) => measure(tree, { folder, disks, bundle }))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measure(tree: string, ground: Ground): Promise<Outcome> {
  const { folder, disks } = ground
  await makeTree(tree)
  const zip = join(folder, 'reference.zip')
  const tar = join(folder, 'reference.tar.zst')
  const zipTool = await reference(
    { pack: [['zip', '-q', '-6', '-y', '-r', zip, '.']], unpack: [['unzip', '-q', zip]] },
    tree,
    ground,
  )
  const tarTool = await reference(
    {
      pack: [
        ['tar', '-c', '.'],
        ['zstd', '-q', '-3', '-o', tar],
      ],
      unpack: [
        ['zstd', '-q', '-d', '-c', tar],
        ['tar', '-x'],
      ],
    },
    tree,
    ground,
  )
  const packed = await packedTree(tree, ground)
  const zipOurs = await ours('zip', packed.zip, ground)
  const tarOurs = await ours('tar.zst', packed.tar, ground)
  const edits = await incremental(packed.zip, ground)
  const row = (what: string, { pack, receive, unpack }: Figures) => {
    return { what, values: [pack, receive, unpack] }
  }
  return {
    name: disks.areOwn ? 'archives, each on a new disk' : 'archives, in folders of one disk',
    columns: ['pack ms', 'receive ms', 'unpack ms'],
    rows: [
      row('zip -6 -y, unzip and sync', zipTool),
      row(`zip of ours, ${packed.zip.bytes} bytes`, zipOurs),
      row('tar and zstd -3, and sync', tarTool),
      row(`tar.zst, ${packed.tar.bytes} bytes`, tarOurs),
      { what: 'zip of ours, first of a machine', values: [edits.full, null, null] },
      { what: 'zip of ours, after five edits', values: [edits.again, null, null] },
    ],
    bars: [
      atMost('zip pack', zipOurs.pack / zipTool.pack, LIMITS.pack),
      atMost('zip unpack', zipOurs.unpack / zipTool.unpack, LIMITS.unpack),
      atMost('tar.zst pack', tarOurs.pack / tarTool.pack, LIMITS.tarBoth),
      atMost('tar.zst unpack', tarOurs.unpack / tarTool.unpack, LIMITS.tarBoth),
      atMost('save after five edits over a full one', edits.again / edits.full, LIMITS.incremental),
    ],
  }
}

/** The tree as archives of ours, by way of the tool's zip. */
async function packedTree(tree: string, ground: Ground) {
  const { folder } = ground
  const file = join(folder, 'by-tool.zip')
  await pipeline([['zip', '-q', '-1', '-y', '-r', file, '.']], tree)
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  return withGuest(ground, async (guest) => {
    await guest.hydrate({ file, format: 'zip', bytes: (await stat(file)).size, sha256 })
    const zip = await guest.pack('zip', join(folder, 'by-us.zip'))
    const tar = await guest.pack('tar.zst', join(folder, 'by-us.tar.zst'))
    return { zip, tar }
  })
}
