import { readFileSync, writeFileSync } from 'node:fs'
import { open, stat, truncate } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { hasErrorCode } from '../../host/files.ts'

const LOOK_EVERY_MS = 250
/** The file is only a channel: once read and this large it starts over. */
const CONSOLE_BYTES_MAX = 8 * 1024 * 1024
const CHUNK_BYTES = 64 * 1024
/** A line without an end is given on in pieces of this size. */
const LINE_BYTES_MAX = 16 * 1024

/** How far the file was read, kept beside it so that a restarted agent repeats nothing. */
function readPosition(file: string): number {
  try {
    return Number.parseInt(readFileSync(`${file}.read`, 'utf8'), 10) || 0
  } catch {
    // Nothing was read yet.
    return 0
  }
}

/** Follows a file that others append to, from where the last reader ended until aborted. */
export async function followConsole(
  file: string,
  onLine: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  let position = readPosition(file)
  let rest = ''
  while (!signal.aborted) {
    const chunk = await readChunk(file, position)
    if (chunk === null || chunk.length === 0) {
      if (position > CONSOLE_BYTES_MAX) {
        await truncate(file, 0)
        position = 0
      }
      const size = await stat(file).then(
        (found) => found.size,
        () => 0,
      )
      if (size < position) position = 0
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
      continue
    }
    position += chunk.length
    const lines = (rest + chunk.toString('utf8')).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_BYTES_MAX) lines.push(rest.slice(0, LINE_BYTES_MAX))
    if (rest.length > LINE_BYTES_MAX) rest = rest.slice(LINE_BYTES_MAX)
    for (const line of lines) if (line.trim() !== '') onLine(line)
    // In the same breath as the lines, so that a kill finds both or neither.
    writeFileSync(`${file}.read`, String(position - Buffer.byteLength(rest)))
  }
}

async function readChunk(file: string, position: number): Promise<Buffer | null> {
  try {
    const handle = await open(file, 'r')
    try {
      const buffer = Buffer.alloc(CHUNK_BYTES)
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position)
      return buffer.subarray(0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (thrown) {
    if (hasErrorCode(thrown, 'ENOENT')) return null
    throw thrown
  }
}
