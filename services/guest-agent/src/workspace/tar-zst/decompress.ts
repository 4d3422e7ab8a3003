import { pipeline } from 'node:stream'
import { promisify } from 'node:util'
import { createZstdDecompress, zstdDecompress } from 'node:zlib'
import { VesselError } from '@vessel/proto/errors'
import { readAhead } from '../read-ahead.ts'
import { readAt } from '../read-at.ts'
import { readReused } from '../read-chunks.ts'
import { release, releaseBehind } from '../release.ts'
import { systemCode } from '../system-error.ts'
import { type Frame, findFrames } from './find-frames.ts'

const decompressAsync = promisify(zstdDecompress)
const CHUNK_BYTES = 256 * 1024
/** Up to this a frame is decompressed in memory, a few at a time on all cores. */
const SMALL_BYTES = 4 * 1024 * 1024
const AHEAD_MAX = 4
/** Node refuses less. */
const PIECE_BYTES_MIN = 64

/** What a file of zstd frames unpacks to. A chunk is there until the next is asked for. */
export async function* decompress(fd: number, fileBytes: number): AsyncGenerator<Buffer> {
  const begin = (frame: Frame) => (isSmall(frame) ? decompressWhole(fd, frame) : NOT_YET)
  try {
    for await (const { item, result } of readAhead(findFrames(fd, fileBytes), AHEAD_MAX, begin)) {
      if (!result) yield* streamFrame(fd, item)
      else {
        yield result
        release(result)
      }
    }
  } catch (cause) {
    if (!/^(?:Z(?:STD)?_|ERR_BUFFER_TOO_LARGE)/.test(systemCode(cause) ?? '')) throw cause
    throw new VesselError('ARCHIVE_CORRUPT', { detail: 'it cannot be decompressed', cause })
  }
}

const NOT_YET = Promise.resolve(undefined)

function isSmall({ bytes, contentBytes }: Frame): boolean {
  return contentBytes !== undefined && contentBytes <= SMALL_BYTES && bytes <= SMALL_BYTES
}

async function decompressWhole(fd: number, { start, bytes, contentBytes }: Frame): Promise<Buffer> {
  const data = readAt(fd, start, bytes)
  // What it says is the most it gets, and it gets it in one piece: pieces cost more than the work.
  // A piece that is filled to its end would bring a second of the same size, for nothing.
  const most = contentBytes ?? 0
  const chunkSize = Math.max(PIECE_BYTES_MIN, most + 1)
  const content = await decompressAsync(data, { maxOutputLength: Math.max(1, most), chunkSize })
  release(data)
  return content
}

async function* streamFrame(fd: number, { start, bytes }: Frame): AsyncGenerator<Buffer> {
  const decompressor = createZstdDecompress({ chunkSize: CHUNK_BYTES })
  // A failure of either reaches the reader through the decompressor, which it destroys.
  pipeline(readReused(fd, { start, bytesMax: bytes }), decompressor, () => undefined)
  yield* releaseBehind(decompressor)
}
