import type { IncomingMessage } from 'node:http'
import { VesselError } from '@vessel/proto/errors'

/** Messages of a guest are far smaller; a longer line is an attack or a fault. */
const LINE_CHARS_MAX = 1024 * 1024

/** The lines of an NDJSON answer. */
export async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of response as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > LINE_CHARS_MAX) {
      response.destroy()
      throw new VesselError('BODY_TOO_LARGE', { detail: 'a line of the machine is too long' })
    }
    for (const line of lines) if (line !== '') yield line
  }
  if (rest !== '') yield rest
}
