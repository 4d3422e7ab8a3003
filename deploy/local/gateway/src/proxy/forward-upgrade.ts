import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { flat, headerList, withoutHopByHop } from './headers.ts'
import { beginRequest, type Forwarded } from './upstream.ts'

interface Answer {
  readonly reply: IncomingMessage
  /** Set when the service agreed to the upgrade. */
  readonly upgraded: { readonly socket: Duplex; readonly head: Buffer } | null
}

/** Asks the service for the upgrade and, when it agrees, joins the two connections. */
export async function forwardUpgrade(forwarded: Forwarded, client: Duplex, clientHead: Buffer) {
  const upgrade = forwarded.request.headers.upgrade ?? ''
  const upstream = beginRequest(forwarded, [
    ['Connection', 'Upgrade'],
    ['Upgrade', upgrade],
  ])
  const abort = () => upstream.destroy()
  client.once('close', abort)
  try {
    const { reply, upgraded } = await answerTo(upstream)
    if (!upgraded) return await relayRefusal(reply, client)
    client.write(headOf(reply, true))
    if (upgraded.head.length > 0) client.write(upgraded.head)
    if (clientHead.length > 0) upgraded.socket.write(clientHead)
    await join(client, upgraded.socket)
  } finally {
    client.off('close', abort)
    upstream.destroy()
  }
}

function answerTo(upstream: ReturnType<typeof beginRequest>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    upstream.once('upgrade', (reply, socket, head) =>
      resolve({ reply, upgraded: { socket, head } }),
    )
    upstream.once('response', (reply) => resolve({ reply, upgraded: null }))
    upstream.on('error', reject)
    upstream.end()
  })
}

/**
 * Joins two connections until both are closed. Each direction ends by itself and backpressure
 * passes through; a connection that breaks off takes the other one with it.
 */
function join(client: Duplex, service: Duplex): Promise<void> {
  return new Promise((resolve) => {
    let openCount = 2
    const watch = (one: Duplex, other: Duplex) => {
      // 'close' follows an error and is where both are handled.
      one.on('error', () => undefined)
      one.once('close', () => {
        const isComplete = one.readableEnded && one.writableFinished
        if (!isComplete) other.destroy()
        openCount -= 1
        if (openCount === 0) resolve()
      })
      if (one.destroyed) other.destroy()
    }
    watch(client, service)
    watch(service, client)
    client.pipe(service)
    service.pipe(client)
  })
}

async function relayRefusal(reply: IncomingMessage, client: Duplex): Promise<void> {
  client.write(headOf(reply, false))
  // Ends with the connection, so the body needs no framing of its own.
  await pipeline(reply, client)
  client.destroy()
}

function headOf(reply: IncomingMessage, isUpgraded: boolean): string {
  const kept = flat(withoutHopByHop(headerList(reply.rawHeaders)))
  const lines = [`HTTP/1.1 ${reply.statusCode ?? 502} ${reply.statusMessage ?? ''}`]
  for (let at = 0; at + 1 < kept.length; at += 2) lines.push(`${kept[at]}: ${kept[at + 1]}`)
  if (isUpgraded) lines.push('Connection: Upgrade', `Upgrade: ${reply.headers.upgrade ?? ''}`)
  else lines.push('Connection: close')
  return `${lines.join('\r\n')}\r\n\r\n`
}
