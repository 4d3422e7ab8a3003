import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { flat, type HeaderList, headerList, withoutHopByHop } from './headers.ts'
import { beginRequest, type Forwarded } from './upstream.ts'

/**
 * How the body to the service is framed. It is decided here and never left to what a method usually
 * does: a body whose end two servers see differently is a second request to one of them.
 */
function framingOf(request: IncomingMessage): { hasBody: boolean; headers: HeaderList } {
  if (request.headers['transfer-encoding'] !== undefined) {
    return { hasBody: true, headers: [['Transfer-Encoding', 'chunked']] }
  }
  return { hasBody: request.headers['content-length'] !== undefined, headers: [] }
}

/** Sends a request to its service and the answer back, streaming both ways. */
export async function forwardRequest(forwarded: Forwarded, response: ServerResponse) {
  const framing = framingOf(forwarded.request)
  const upstream = beginRequest(forwarded, [...framing.headers, ['Connection', 'close']])
  const abort = () => upstream.destroy()
  response.once('close', abort)
  try {
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once('response', resolve)
      // An answer may come and the body still fail to be sent, so the listener must stay.
      upstream.on('error', reject)
      upstream.once('upgrade', (_reply, socket) => {
        socket.destroy()
        reject(new Error('the service upgraded a request that did not ask for it'))
      })
    })
    if (framing.hasBody) {
      // Not a pipeline: a service may answer before it has read everything, and that answer must
      // still reach the client, whose connection a pipeline would tear down.
      forwarded.request.pipe(upstream)
    } else {
      upstream.end()
    }
    const reply = await answered
    const headers = flat(withoutHopByHop(headerList(reply.rawHeaders)))
    response.writeHead(reply.statusCode ?? 502, reply.statusMessage, headers)
    await pipeline(reply, response)
  } finally {
    response.off('close', abort)
    upstream.destroy()
  }
}
