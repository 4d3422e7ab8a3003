import { connect } from 'node:net'
import { VesselError } from '@vessel/proto/errors'
import { z } from 'zod'

const answer = z.union([
  z.object({ QMP: z.unknown() }),
  z.object({ return: z.unknown() }),
  z.object({ error: z.object({ class: z.string(), desc: z.string() }) }),
  z.object({ event: z.string() }),
])
/** Answers are a line each; a longer one is not qemu's. */
const LINE_CHARS_MAX = 64 * 1024

export type QmpCommand = 'stop' | 'cont' | 'quit' | 'query-status'

/** One command over qemu's control socket, answered or given up with the signal. */
export async function qmp(socket: string, command: QmpCommand, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const connection = connect(socket)
  const fail = (detail: string, cause?: unknown) =>
    reject(new VesselError('BOOT_FAILED', { detail: `qemu: ${detail}`, cause }))
  const onAbort = () => fail(`${command} was not answered in time`, signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  const commands: QmpCommand[] = [command]
  let text = ''
  connection.setEncoding('utf8')
  connection.on('error', (cause) => fail('its control socket cannot be reached', cause))
  connection.on('close', () => fail('it closed its control socket'))
  connection.on('data', (chunk: string) => {
    text += chunk
    if (text.length > LINE_CHARS_MAX) return fail('an answer is too long')
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n')) {
      const line = text.slice(0, end)
      text = text.slice(end + 1)
      const message = answer.safeParse(parse(line))
      if (!message.success) return fail('an answer is not understood')
      if ('error' in message.data) return fail(message.data.error.desc)
      if ('event' in message.data) continue
      if ('QMP' in message.data) {
        connection.write('{"execute":"qmp_capabilities"}\n')
        continue
      }
      const next = commands.shift()
      if (!next) return resolve()
      connection.write(`${JSON.stringify({ execute: next })}\n`)
    }
    return undefined
  })
  try {
    signal.throwIfAborted()
    await promise
  } finally {
    signal.removeEventListener('abort', onAbort)
    connection.destroy()
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Not JSON: refused by the schema.
    return null
  }
}
