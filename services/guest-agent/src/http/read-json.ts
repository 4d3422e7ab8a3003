import type { IncomingMessage } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import { parseJson } from '@vessel/proto/parse'
import type { z } from 'zod'

/** The largest request of ours, an exec with its argv or an ignore list, is far below. */
const BODY_BYTES_MAX = 1024 * 1024
const BODY_MS = 30_000

export async function readJson<S extends z.ZodType>(
  request: IncomingMessage,
  schema: S,
): Promise<z.output<S>> {
  const chunks: Buffer[] = []
  let bytes = 0
  const timer = setTimeout(() => request.destroy(), BODY_MS)
  try {
    for await (const chunk of request.iterator({ destroyOnReturn: false })) {
      bytes += (chunk as Buffer).length
      if (bytes > BODY_BYTES_MAX) throw new VesselError('BODY_TOO_LARGE')
      chunks.push(chunk as Buffer)
    }
  } finally {
    clearTimeout(timer)
  }
  return parseJson(schema, Buffer.concat(chunks))
}
