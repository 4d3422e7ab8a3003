import { createHash } from 'node:crypto'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const FILES = 20_000
const FILES_PER_FOLDER = 100
const MEAN_BYTES = 15_000
const LINK_EVERY = 100
const EXECUTABLE_EVERY = 50
const LARGE = { count: 5, bytes: 10 * 1024 ** 2 }
const WORDS =
  'import export const function return await async interface type readonly string number boolean ' +
  'promise array object error session project host machine volume archive window document element'

/** The same numbers at every run, spread evenly over 0 to 1. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}

function source(next: () => number): string {
  const words = WORDS.split(' ')
  const bytes = Math.ceil(-Math.log(1 - next()) * MEAN_BYTES)
  const lines: string[] = []
  for (let length = 0; length < bytes; ) {
    const word = () => words[Math.floor(next() * words.length)]
    const line = `  ${word()} ${word()}${Math.floor(next() * 1e6)} = ${word()}(${word()}, ${word()})`
    lines.push(line)
    length += line.length + 1
  }
  return lines.join('\n')
}

/** What deflate cannot make smaller. */
function noise(bytes: number, seed: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256').update(`${seed} ${index}`).digest(),
  )
  return Buffer.concat(blocks).subarray(0, bytes)
}

/** About 350 MB of source-like files, with links, executables and some binaries. */
export async function makeTree(root: string): Promise<void> {
  const next = numbers(1)
  for (let index = 0; index < FILES; index += 1) {
    const folder = join(root, `src/${Math.floor(index / FILES_PER_FOLDER)}`)
    const path = join(folder, `file-${index}.ts`)
    if (index % FILES_PER_FOLDER === 0) await mkdir(folder, { recursive: true })
    if (index % LINK_EVERY === 1) await symlink(`file-${index - 1}.ts`, path)
    else await writeFile(path, source(next), { mode: index % EXECUTABLE_EVERY ? 0o644 : 0o755 })
  }
  for (let index = 0; index < LARGE.count; index += 1) {
    await writeFile(join(root, `binary-${index}.bin`), noise(LARGE.bytes, index))
  }
}
