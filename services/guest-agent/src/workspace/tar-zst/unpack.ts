import type { FileHandle } from 'node:fs/promises'
import { createBreather } from '../breathe.ts'
import type { CheckedEntry } from '../check-tree.ts'
import type { UnpackedTree, UnpackInput } from '../codec.ts'
import { TreeWriter } from '../tree-writer.ts'
import type { TarEntry } from './parse-header.ts'
import type { TarPart } from './read-tar.ts'

/** Up to this a file is collected in memory and written at once, which is much faster. */
const SMALL_BYTES = 1024 * 1024

type Checked = ReadonlyMap<string, CheckedEntry<TarEntry>>

/** Writes files as they come, links last: until then no path can pass through one. */
export async function unpackTar(
  parts: AsyncIterable<TarPart>,
  checked: Checked,
  input: UnpackInput,
): Promise<UnpackedTree> {
  const writer = new TreeWriter(input.root)
  const breathe = createBreather(input.signal)
  const links: CheckedEntry<TarEntry>[] = []
  const directories: { path: string; mode: number; mtimeMs: number }[] = []
  const done = { entriesDone: 0, bytesDone: 0 }
  const count = (bytes: number): void => {
    done.entriesDone += 1
    done.bytesDone += bytes
    input.onProgress(done)
  }

  for await (const part of parts) {
    await breathe()
    const known = checked.get(part.entry.name)
    // Only the folder itself is in the tar and not among the checked.
    if (!known) continue
    const { path, found } = known
    if (found.kind === 'link') {
      links.push(known)
      continue
    }
    if (found.kind === 'directory') {
      writer.makeDirectory(path)
      directories.push({ path, mode: found.mode, mtimeMs: found.mtimeMs })
    } else await writeFile(writer, known, part)
    count(found.bytes)
  }
  for (const { path, found } of links) {
    writer.writeLink(path, found.target as string, found.mtimeMs)
    count(found.bytes)
  }
  return { directories: writer.allDirectories(directories) }
}

async function writeFile(
  writer: TreeWriter,
  { path, found }: CheckedEntry<TarEntry>,
  part: TarPart,
): Promise<void> {
  const meta = { path, mode: found.mode, mtimeMs: found.mtimeMs }
  if (found.bytes > SMALL_BYTES) {
    await writer.streamFile(meta, (output) => writeAll(output, part.content()))
    return
  }
  const chunks: Buffer[] = []
  for await (const chunk of part.content()) chunks.push(chunk)
  writer.writeFile(meta, chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks))
}

async function writeAll(output: FileHandle, chunks: AsyncIterable<Buffer>): Promise<void> {
  for await (const chunk of chunks) {
    for (let done = 0; done < chunk.length; ) {
      done += (await output.write(chunk, done, chunk.length - done)).bytesWritten
    }
  }
}
