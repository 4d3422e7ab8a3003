import { createReadStream } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import {
  archiveName,
  endVisitsReply,
  GUEST_ROUTES,
  guestExecReply,
  guestHealth,
  type HydrateProgress,
  hydrateProgress,
  packSummary,
  savePreview,
  startIdeReply,
} from '@vessel/proto/guest/api'
import { guestMessage } from '@vessel/proto/guest/messages'
import { HEADERS } from '@vessel/proto/headers'
import { parseJson, parseValue } from '@vessel/proto/parse'
import { storeDelta } from '../packed/store-delta.ts'
import { storeWhole } from '../packed/store-whole.ts'
import type { Guest } from '../vm/ports.ts'
import { callGuest, readText } from './call.ts'
import { readLines } from './lines.ts'

const CALL_TIMEOUT_MS = 5_000
/** The orchestrator waits five seconds for our answer; a later one helps nobody. */
const PREVIEW_TIMEOUT_MS = 4_500
/** The guest says something every few seconds; silence this long is a dead connection. */
const STREAM_SILENCE_MS = 30_000
/** What the guest needs beyond the program's own time to answer. */
const EXEC_SLACK_MS = 5_000
/** Of an archive at a time: less costs more calls than it saves memory. */
const READ_BYTES = 256 * 1024
const JSON_TYPE = { 'content-type': 'application/json' }

const within = (signal: AbortSignal, timeoutMs: number) =>
  AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])

export const guestClient: Guest = {
  async health(ref, signal) {
    const answer = await callGuest(ref, {
      ...GUEST_ROUTES.health,
      signal: within(signal, CALL_TIMEOUT_MS),
    })
    return parseJson(guestHealth, await readText(answer))
  },

  async hydrate(ref, archive, { onProgress, signal }) {
    const headers = archive
      ? {
          'content-length': String(archive.bytes),
          [HEADERS.archiveFormat]: archive.format,
          [HEADERS.sha256]: archive.sha256,
        }
      : { 'content-length': '0' }
    const body = archive
      ? { body: createReadStream(archive.file, { signal, highWaterMark: READ_BYTES }) }
      : {}
    const answer = await callGuest(ref, { ...GUEST_ROUTES.hydrate, headers, ...body, signal })
    await followProgress(answer, onProgress)
  },

  async clone(ref, source, { onProgress, signal }) {
    const answer = await callGuest(ref, {
      ...GUEST_ROUTES.clone,
      headers: JSON_TYPE,
      body: JSON.stringify(source),
      signal,
    })
    await followProgress(answer, onProgress)
  },

  async pack(ref, { file, format, ignore, base }, { onBytes, signal }) {
    const answer = await callGuest(ref, {
      ...GUEST_ROUTES.pack,
      headers: JSON_TYPE,
      body: JSON.stringify({ format, ignore, base: base?.name }),
      signal,
    })
    const over = answer.headers[HEADERS.archiveBase]
    if (over !== undefined && over !== base?.name) {
      answer.destroy()
      throw new VesselError('PACK_FAILED', { detail: 'it builds on an archive nobody named' })
    }
    const { sentSha256, ...stored } =
      base && over
        ? await storeDelta(answer, { base: base.pieces, file, onBytes })
        : await storeWhole(answer, file, onBytes)
    const summary = parseValue(packSummary, {
      sha256: answer.trailers[HEADERS.sha256],
      entries: Number(answer.trailers[HEADERS.entries]),
      unpackedBytes: Number(answer.trailers[HEADERS.unpackedBytes]),
    })
    if (summary.sha256 !== sentSha256) {
      throw new VesselError('PACK_FAILED', { detail: 'what arrived is not what was packed' })
    }
    // A guest of an older version does not name what it packs.
    const name = archiveName.safeParse(answer.headers[HEADERS.archiveName]).data ?? null
    return { ...summary, ...stored, name }
  },

  async preview(ref, ignore, signal) {
    const answer = await callGuest(ref, {
      ...GUEST_ROUTES.preview,
      headers: JSON_TYPE,
      body: JSON.stringify({ ignore }),
      signal: within(signal, PREVIEW_TIMEOUT_MS),
    })
    return parseJson(savePreview, await readText(answer))
  },

  async startIde(ref, signal) {
    const answer = await callGuest(ref, {
      ...GUEST_ROUTES.startIde,
      headers: JSON_TYPE,
      body: '{}',
      signal: within(signal, CALL_TIMEOUT_MS),
    })
    parseJson(startIdeReply, await readText(answer))
  },

  async stream(ref, onMessage, signal) {
    const answer = await callGuest(ref, { ...GUEST_ROUTES.stream, signal })
    answer.setTimeout(STREAM_SILENCE_MS, () => answer.destroy(new Error('the stream fell silent')))
    for await (const line of readLines(answer)) onMessage(parseJson(guestMessage, line))
  },

  async endVisits(ref, visitors, signal) {
    const answer = await callGuest(ref, {
      ...GUEST_ROUTES.endVisits,
      headers: JSON_TYPE,
      body: JSON.stringify({ visitors }),
      signal: within(signal, CALL_TIMEOUT_MS),
    })
    return parseJson(endVisitsReply, await readText(answer)).ended
  },

  async exec(ref, order, signal) {
    const answer = await callGuest(ref, {
      ...GUEST_ROUTES.exec,
      headers: JSON_TYPE,
      body: JSON.stringify(order),
      signal: within(signal, order.timeoutMs + EXEC_SLACK_MS),
    })
    return parseJson(guestExecReply, await readText(answer))
  },
}

async function followProgress(
  answer: IncomingMessage,
  onProgress: (progress: HydrateProgress) => void,
): Promise<void> {
  for await (const line of readLines(answer)) {
    const progress = parseJson(hydrateProgress, line)
    onProgress(progress)
    if (progress.type === 'error') throw VesselError.fromShape(progress.error)
    if (progress.type === 'done') return
  }
  throw new VesselError('HYDRATE_FAILED', { detail: 'the machine stopped in the middle' })
}
