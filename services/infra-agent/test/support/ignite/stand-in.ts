import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, realpath, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { HostPlaces } from '../../../src/drivers/ignite/host-places.ts'
import { readProcessTable } from '../../../src/drivers/process/proc-table.ts'
import { type Cleanup, until } from '../processes.ts'

const TOOLS = ['ignite', 'ctr', 'losetup', 'dmsetup']
/** The tools are started many times: reading them anew was half of their time. */
const COMPILED = join(import.meta.dirname, '../../../../../node_modules/.cache/ignite-stand-in')
const VARIABLE = 'VESSEL_STAND_IN_ROOT'

/** Faults of ignite that a test can order; the stand-in says which fact each of them is. */
export type Fault = 'lock' | 'create' | 'late-failure' | 'dead-vmm' | 'hanging-rm' | 'ps'

export interface Call {
  readonly tool: string
  readonly argv: readonly string[]
  readonly beginNs: bigint
  /** Null for one that was killed. */
  readonly endNs: bigint | null
}

/** A host with ignite on it, in a folder. */
export interface StandIn {
  readonly root: string
  readonly places: HostPlaces
  readonly path: string
  fault(name: Fault, times: number): Promise<void>
  calls(): Call[]
  /** Names below a folder of the host. */
  names(...parts: string[]): string[]
  /** Power goes and comes back: processes, devices and their links are gone, files are not. */
  crashHost(): Promise<void>
}

export async function createStandIn(folder: string, cleanup: Cleanup): Promise<StandIn> {
  const root = await realpath(folder)
  const bin = join(root, 'bin')
  const tmp = join(root, 'tmp')
  for (const each of [bin, tmp, join(root, 'dev')]) await mkdir(each, { recursive: true })
  for (const tool of TOOLS) {
    const program = join(import.meta.dirname, 'stand-in', `${tool}.ts`)
    const lines = [
      `#!${process.execPath} --disable-warning=ExperimentalWarning`,
      `require('node:module').enableCompileCache(${JSON.stringify(COMPILED)})`,
      `process.env.${VARIABLE} = ${JSON.stringify(root)}`,
      `import(${JSON.stringify(program)})`,
    ]
    await writeFile(join(bin, tool), `${lines.join('\n')}\n`, { mode: 0o755 })
  }
  cleanup.add(() => killAll(root))
  return {
    ...{ root, path: `${bin}:/usr/sbin:/usr/bin:/sbin:/bin` },
    places: {
      igniteDir: join(root, 'firecracker'),
      leasesDir: join(root, 'cni', 'networks'),
      consoleCopiesDir: tmp,
      blockDir: join(root, 'sys', 'block'),
      linksDir: join(root, 'dev', 'vessel'),
      lockFile: join(root, 'lock'),
    },
    async fault(name, times) {
      await mkdir(join(root, 'faults'), { recursive: true })
      await writeFile(join(root, 'faults', name), String(times))
    },
    calls: () => readCalls(join(root, 'calls.ndjson')),
    names: (...parts) => {
      const path = join(root, ...parts)
      return existsSync(path) ? readdirSync(path).sort() : []
    },
    async crashHost() {
      await killAll(root)
      for (const gone of ['containerd/tasks', 'loops', 'mappings', 'sys', 'dev']) {
        await rm(join(root, gone), { recursive: true, force: true })
      }
    },
  }
}

/** Every process of this host carries its folder in the environment. */
async function killAll(root: string): Promise<void> {
  await until('nothing of the host runs', async () => {
    const rows = (await readProcessTable()).filter((row) =>
      row.environ.split('\0').includes(`${VARIABLE}=${root}`),
    )
    for (const { pid } of rows) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It ended by itself.
      }
    }
    return rows.length === 0
  })
}

interface Note {
  readonly what: 'begin' | 'end'
  readonly tool: string
  readonly pid: number
  readonly argv: string[]
  readonly atNs: string
}

function readCalls(file: string): Call[] {
  const notes: Note[] = readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  const ends = notes.filter(({ what }) => what === 'end')
  return notes
    .filter(({ what }) => what === 'begin')
    .map(({ tool, argv, pid, atNs }) => {
      const end = ends.find((note) => note.pid === pid && note.tool === tool)
      return { tool, argv, beginNs: BigInt(atNs), endNs: end ? BigInt(end.atNs) : null }
    })
}
