import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { serve } from './serve.ts'

const PORT = 4_000
const FLOOD_PORT = 10_000
/** Who said what to whom arrived here: `udp 10.0.0.1 word`, `tcp 10.0.0.1`. */
const heard: string[] = []

async function hear(port: number): Promise<void> {
  const datagrams = createSocket('udp4', (text, { address }) => {
    heard.push(`udp ${address} ${text}`)
  })
  await once(datagrams.bind(port), 'listening')
}

const HEADER_BYTES = 12
/** After the name: type and class. */
const QUESTION_END_BYTES = 4
const TYPE_A = 1

/** The answer to a question of the DNS: this address for every name, and nothing but addresses. */
function answerTo(query: Buffer, address: string): Buffer {
  const end = query.indexOf(0, HEADER_BYTES) + 1 + QUESTION_END_BYTES
  const isForAddress = query.readUInt16BE(end - QUESTION_END_BYTES) === TYPE_A
  const header = Buffer.from(query.subarray(0, HEADER_BYTES))
  header.writeUInt16BE(0x8180, 2)
  header.writeUInt16BE(isForAddress ? 1 : 0, 6)
  header.writeUInt32BE(0, 8)
  const answer = [0xc0, HEADER_BYTES, 0, TYPE_A, 0, 1, 0, 0, 0, 60, 0, 4]
  const parts = [header, query.subarray(HEADER_BYTES, end)]
  if (isForAddress) parts.push(Buffer.from([...answer, ...address.split('.').map(Number)]))
  return Buffer.concat(parts)
}

/** Somebody on a network: hears what reaches them, and speaks to others. */
serve({
  async listen() {
    const streams = createServer((socket) => {
      heard.push(`tcp ${socket.remoteAddress?.replace('::ffff:', '')}`)
      socket.on('error', () => undefined).end('hello')
    })
    streams.listen(PORT)
    await Promise.all([hear(PORT), once(streams, 'listening')])
  },

  hearAlso: hear,

  async answerNames(at: string, address: string) {
    const server = createSocket('udp4', (query, { port, address: from }) => {
      server.send(answerTo(query, address), port, from)
    })
    await once(server.bind(53, at), 'listening')
  },

  heard: () => heard.splice(0),

  async send(to: string, word: string, { from = '0.0.0.0', port = PORT } = {}) {
    const socket = createSocket('udp4')
    socket.bind({ address: from })
    await once(socket, 'listening')
    socket.setBroadcast(true)
    await new Promise((sent) => socket.send(word, port, to, sent))
    socket.close()
  },

  /** A word to each of so many ports, which are as many connections to whoever counts them. */
  async flood(to: string, ports: number) {
    const socket = createSocket('udp4')
    for (let port = FLOOD_PORT; port < FLOOD_PORT + ports; port += 1) {
      await new Promise((sent) => socket.send('flood', port, to, sent))
    }
    socket.close()
  },

  /** What the other side said; null when there was no connection within the time. */
  async ask(to: string, withinMs: number) {
    const socket = connect({ host: to, port: PORT })
    socket.setTimeout(withinMs, () => socket.destroy())
    let said = ''
    socket.on('data', (chunk) => {
      said += chunk
    })
    socket.on('error', () => undefined)
    await once(socket, 'close')
    return said || null
  },
})
