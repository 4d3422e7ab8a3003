import { createHash } from 'node:crypto'
import { readdir, readFile, readlink, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { ALWAYS_IGNORED } from '@vessel/proto/archive'
import { ZipFile } from 'yazl'
import type { NewFiles } from './new-files.ts'

/** One time for all: the same files make the same bytes, whenever they were checked out. */
const MTIME = new Date('2026-01-01T00:00:00Z')
const MODE = { file: 0o100644, executable: 0o100755, link: 0o120777 } as const
const IGNORED = new Set<string>(ALWAYS_IGNORED.map((name) => name.replace(/\/$/, '')))

interface Found {
  readonly path: string
  readonly content: Buffer
  readonly mode: number
}

/** A folder as a zip, in memory: for the templates, which are small. */
export async function zipFolder(folder: string): Promise<NewFiles> {
  const files = await readTree(folder, '')
  const zip = new ZipFile()
  const zipped = buffer(zip.outputStream)
  for (const { path, content, mode } of files) {
    zip.addBuffer(content, path, { mtime: MTIME, mode })
  }
  zip.end()
  const bytes = await zipped
  return {
    content: new Blob([new Uint8Array(bytes)]),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    entries: files.length,
    unpackedBytes: files.reduce((sum, { content }) => sum + content.length, 0),
  }
}

async function readTree(root: string, below: string): Promise<Found[]> {
  const entries = await readdir(join(root, below), { withFileTypes: true })
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  const found: Found[] = []
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (IGNORED.has(entry.name)) continue
    if (entry.isDirectory()) found.push(...(await readTree(root, path)))
    else if (entry.isSymbolicLink()) found.push(await readLink(root, path))
    else found.push(await readOne(root, path))
  }
  return found
}

async function readOne(root: string, path: string): Promise<Found> {
  const file = join(root, path)
  const [content, { mode }] = await Promise.all([readFile(file), stat(file)])
  return { path, content, mode: (mode & 0o111) === 0 ? MODE.file : MODE.executable }
}

async function readLink(root: string, path: string): Promise<Found> {
  const target = await readlink(join(root, path), 'buffer')
  return { path, content: target, mode: MODE.link }
}
