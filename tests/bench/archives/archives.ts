import { createHash } from 'node:crypto'
import { appendFile, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ArchiveFormat } from '@vessel/proto/archive'
import { until } from '../../e2e/support/until.ts'
import type { Bar, Outcome } from '../outcome.ts'
import { type Archive, type PackedArchive, startGuest } from './guest.ts'
import { makeTree } from './make-tree.ts'
import { median, pipeline, timed } from './tools.ts'

const ROUNDS = 3
const EDITED = [3, 5_005, 9_009, 14_014, 19_019]
/** A file that changed less long ago is not taken over by the next save. */
const SETTLED_MS = 4_000
/** Of the issue. */
const LIMITS = { pack: 0.5, unpack: 1.0, tarBoth: 1.3, incremental: 0.15 }

/** Each in a machine of its own, which has packed nothing before. */
async function ours(format: ArchiveFormat, archive: Archive, folder: string) {
  const [packs, unpacks]: number[][] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    const guest = await startGuest()
    try {
      unpacks?.push(await timed(() => guest.hydrate(archive)))
      packs?.push(await timed(() => guest.pack(format, join(folder, 'ours'))))
    } finally {
      await guest.process.end('SIGKILL')
      await guest.process.cleanUp()
    }
  }
  return { pack: median(packs ?? []), unpack: median(unpacks ?? []) }
}

type Command = readonly [string, ...string[]]
interface Reference {
  readonly pack: readonly Command[]
  readonly unpack: readonly Command[]
}

async function reference(commands: Reference, places: { tree: string; folder: string }) {
  const target = join(places.folder, 'unpacked')
  const [packs, unpacks]: number[][] = [[], []]
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of ['reference.zip', 'reference.tar.zst']) {
      await rm(join(places.folder, name), { force: true })
    }
    packs?.push(await timed(() => pipeline(commands.pack, places.tree)))
    await mkdir(target)
    unpacks?.push(await timed(() => pipeline(commands.unpack, target)))
    await rm(target, { recursive: true })
  }
  return { pack: median(packs ?? []), unpack: median(unpacks ?? []) }
}

/** Five files of twenty thousand are edited between two saves. */
async function incremental(archive: Archive, folder: string) {
  const guest = await startGuest()
  try {
    await guest.hydrate(archive)
    const last = join(guest.process.config.workspaceDir, 'src/199/file-19999.ts')
    await until('the files have settled', async () => {
      return Date.now() - (await stat(last)).ctimeMs > SETTLED_MS
    })
    let packed: PackedArchive | undefined
    const pack = async (name: string): Promise<void> => {
      packed = await guest.pack('zip', join(folder, name), packed)
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
  } finally {
    await guest.process.end('SIGKILL')
    await guest.process.cleanUp()
  }
}

const atMost = (what: string, reached: number, limit: number): Bar => ({
  ...{ what, is: 'at most', limit, reached, unit: '×' },
})

/** Saving and opening a large project, beside the tools everybody has. */
export async function archives(): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-bench-'))
  const tree = join(folder, 'tree')
  const zip = join(folder, 'reference.zip')
  const tar = join(folder, 'reference.tar.zst')
  try {
    await mkdir(tree)
    await makeTree(tree)
    const places = { tree, folder }
    const zipTool = await reference(
      { pack: [['zip', '-q', '-6', '-y', '-r', zip, '.']], unpack: [['unzip', '-q', zip]] },
      places,
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
      places,
    )
    const packed = await packedTree(tree, folder)
    const zipOurs = await ours('zip', packed.zip, folder)
    const tarOurs = await ours('tar.zst', packed.tar, folder)
    const edits = await incremental(packed.zip, folder)
    return {
      name: 'archives',
      columns: ['pack ms', 'unpack ms'],
      rows: [
        { what: 'zip -6 -y, unzip', values: [zipTool.pack, zipTool.unpack] },
        { what: `zip of ours, ${packed.zip.bytes} bytes`, values: [zipOurs.pack, zipOurs.unpack] },
        { what: 'tar and zstd -3', values: [tarTool.pack, tarTool.unpack] },
        { what: `tar.zst, ${packed.tar.bytes} bytes`, values: [tarOurs.pack, tarOurs.unpack] },
        { what: 'zip of ours, first of a machine', values: [edits.full, null] },
        { what: 'zip of ours, after five edits', values: [edits.again, null] },
      ],
      bars: [
        atMost('zip pack', zipOurs.pack / zipTool.pack, LIMITS.pack),
        atMost('zip unpack', zipOurs.unpack / zipTool.unpack, LIMITS.unpack),
        atMost('tar.zst pack', tarOurs.pack / tarTool.pack, LIMITS.tarBoth),
        atMost('tar.zst unpack', tarOurs.unpack / tarTool.unpack, LIMITS.tarBoth),
        atMost(
          'save after five edits over a full one',
          edits.again / edits.full,
          LIMITS.incremental,
        ),
      ],
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The tree as archives of ours, by way of the tool's zip. */
async function packedTree(tree: string, folder: string) {
  const file = join(folder, 'by-tool.zip')
  await pipeline([['zip', '-q', '-1', '-y', '-r', file, '.']], tree)
  const sha256 = createHash('sha256')
    .update(await readFile(file))
    .digest('hex')
  const guest = await startGuest()
  try {
    await guest.hydrate({ file, format: 'zip', bytes: (await stat(file)).size, sha256 })
    const zip = await guest.pack('zip', join(folder, 'by-us.zip'))
    const tar = await guest.pack('tar.zst', join(folder, 'by-us.tar.zst'))
    return { zip, tar }
  } finally {
    await guest.process.end('SIGKILL')
    await guest.process.cleanUp()
  }
}
