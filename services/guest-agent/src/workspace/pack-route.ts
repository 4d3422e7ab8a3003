import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import { packRequest } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { readJson } from '../http/read-json.ts'
import type { Workspace } from './workspace.ts'

/** A reader that takes nothing for this long is gone: the pack holds the workspace. */
const STALLED_MS = 60_000

/**
 * POST /v1/workspace/pack. The archive goes out as it is made, or only what is new in it where the
 * asker has the last one; trailers can say what it was.
 * An archive without all trailers is broken off and MUST be thrown away.
 */
export async function handlePack(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await readJson(request, packRequest)
  const gone = new AbortController()
  response.once('close', () => gone.abort(new VesselError('CANCELLED')))
  const prepared = await workspace.pack(asked, gone.signal)

  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    [HEADERS.archiveFormat]: asked.format,
    [HEADERS.archiveName]: prepared.name,
    ...(prepared.base && { [HEADERS.archiveBase]: prepared.base }),
    trailer: [HEADERS.sha256, HEADERS.entries, HEADERS.unpackedBytes].join(', '),
  })
  const hash = createHash('sha256')
  const totals = await prepared.run(async (chunk) => {
    gone.signal.throwIfAborted()
    hash.update(chunk)
    await write(response, chunk, gone.signal)
  })
  response.addTrailers({
    [HEADERS.sha256]: hash.digest('hex'),
    [HEADERS.entries]: String(totals.entries),
    [HEADERS.unpackedBytes]: String(totals.unpackedBytes),
  })
  response.end()
}

/** Until the kernel has it: the memory of the chunk is used again. */
async function write(
  response: ServerResponse,
  chunk: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const written = Promise.withResolvers<void>()
  const giveUp = () => written.reject(signal.reason ?? new VesselError('CANCELLED'))
  const timer = setTimeout(giveUp, STALLED_MS)
  signal.addEventListener('abort', giveUp, { once: true })
  response.write(chunk, (error) => (error ? written.reject(error) : written.resolve()))
  try {
    await written.promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}
