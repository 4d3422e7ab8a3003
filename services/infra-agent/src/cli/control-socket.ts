import { chmod, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import type { LocalSessions } from './local-sessions.ts'

export const controlRequest = z.discriminatedUnion('verb', [
  z.object({ verb: z.literal('start'), name: z.string(), path: z.string().nullable() }),
  z.object({ verb: z.literal('stop'), name: z.string() }),
  z.object({ verb: z.literal('ps') }),
])
export type ControlRequest = z.infer<typeof controlRequest>

const REQUEST_BYTES_MAX = 16 * 1024

/** The operator's way in: a socket only the agent's own user may open. */
export async function serveControl(socket: string, local: LocalSessions) {
  const server = createServer((request, response) => {
    answer(request, local).then(
      (value) => response.end(`${JSON.stringify(value)}\n`),
      (thrown) => {
        response.statusCode = 400
        const error = VesselError.from(thrown).toShape()
        response.end(`${JSON.stringify({ status: 'error', error })}\n`)
      },
    )
  })
  // Left by an agent that was killed; the lock says that none other is running.
  await rm(socket, { force: true })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject)
  server.listen(socket, resolve)
  await promise
  await chmod(socket, 0o600)
  return {
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(request: IncomingMessage, local: LocalSessions): Promise<object> {
  let text = ''
  for await (const chunk of request) {
    text += chunk
    if (text.length > REQUEST_BYTES_MAX) throw new VesselError('BODY_TOO_LARGE')
  }
  const order = parseJson(controlRequest, text)
  switch (order.verb) {
    case 'start':
      return local.start(order.name, order.path)
    case 'stop':
      return local.stop(order.name)
    case 'ps':
      return local.ps()
  }
}
