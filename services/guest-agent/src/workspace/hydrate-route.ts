import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { archiveFormat } from '@vessel/proto/archive'
import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import { gitSource } from '@vessel/proto/git'
import type { HydrateProgress } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { sha256 } from '@vessel/proto/ids'
import { parseValue } from '@vessel/proto/parse'
import { readJson } from '../http/read-json.ts'
import type { TreeTotals } from './codec.ts'
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

  await tellProgress(response, 'HYDRATE_FAILED', (onProgress) =>
    workspace.unpack(announced.bytes, onProgress, gone.signal),
  )
}

/** POST /v1/workspace/clone: the same answer, from a repository. */
export async function handleClone(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const source = await readJson(request, gitSource)
  workspace.checkHydrate(0)
  const gone = new AbortController()
  response.once('close', () => gone.abort(new VesselError('CANCELLED')))
  await tellProgress(response, 'CLONE_FAILED', (onProgress) =>
    workspace.clone(source, onProgress, gone.signal),
  )
}

async function tellProgress(
  response: ServerResponse,
  failureCode: ErrorCode,
  work: (onProgress: (line: HydrateProgress) => void) => Promise<TreeTotals>,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  const write = (line: HydrateProgress): boolean => response.write(`${JSON.stringify(line)}\n`)
  try {
    write({ type: 'done', ...(await work(limitRate(write))) })
  } catch (thrown) {
    write({ type: 'error', error: VesselError.from(thrown, failureCode).toShape() })
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
