import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { archiveFormat } from '@vessel/proto/archive'
import { VesselError } from '@vessel/proto/errors'
import type { HydrateProgress } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { sha256 } from '@vessel/proto/ids'
import { parseValue } from '@vessel/proto/parse'
import type { Workspace } from './workspace.ts'

/** At most ten progress lines a second: a person cannot read more. */
const PROGRESS_MS = 100

/**
 * PUT /v1/workspace. Until the whole body is here a failure has a status of its own; from then on
 * the status is 200 and the last line says how it ended.
 */
export async function handleHydrate(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const announced = readAnnouncement(request)
  const gone = new AbortController()
  response.once('close', () => gone.abort(new VesselError('CANCELLED')))
  await workspace.receive({ body: request, ...announced }, gone.signal)

  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  const write = (line: HydrateProgress): boolean => response.write(`${JSON.stringify(line)}\n`)
  try {
    const onProgress = limitRate(write)
    const totals = await workspace.unpack(announced.bytes, onProgress, gone.signal)
    write({ type: 'done', ...totals })
  } catch (thrown) {
    write({ type: 'error', error: VesselError.from(thrown, 'HYDRATE_FAILED').toShape() })
  }
  response.end()
  if (!response.writableFinished && !response.destroyed) await once(response, 'close')
}

function readAnnouncement(request: IncomingMessage): { bytes: number; sha256: string } {
  const length = request.headers['content-length']
  if (length === undefined) {
    throw new VesselError('BAD_REQUEST', { detail: 'content-length is required' })
  }
  const bytes = Number(length)
  if (bytes === 0) return { bytes, sha256: '' }
  parseValue(archiveFormat.default('zip'), request.headers[HEADERS.archiveFormat])
  return { bytes, sha256: parseValue(sha256, request.headers[HEADERS.sha256]) }
}

function limitRate(write: (line: HydrateProgress) => void): (line: HydrateProgress) => void {
  let last = -PROGRESS_MS
  return (line) => {
    const now = performance.now()
    if (now - last < PROGRESS_MS) return
    last = now
    write(line)
  }
}
