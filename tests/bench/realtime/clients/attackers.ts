import { randomUUID } from 'node:crypto'
import { ORIGIN } from '@vessel/orchestrator/testing/hub-stack'
import { mangledFrame } from '@vessel/orchestrator/testing/mangled-frame'
import { seededRandom } from '@vessel/orchestrator/testing/seeded-random'
import { WS_SUBPROTOCOL } from '@vessel/proto/version'
import { WebSocket } from 'ws'
import { serve } from '../process/worker.ts'
import { signToken } from '../support/tokens.ts'

/** How the connections of one attack ended: close codes, or HTTP statuses of refused upgrades. */
export type AttackResult = readonly { readonly code: number; readonly count: number }[]
interface Target {
  readonly url: string
}
type Attack = (target: Target) => Promise<AttackResult>

export interface AttackMethods {
  readonly fuzzedFrames: Attack
  readonly giantFrames: Attack
  readonly fragmentStorms: Attack
  readonly authFloods: Attack
  readonly silentFloods: Attack
  readonly subscriptionFloods: Attack
  readonly wrongOrigins: Attack
}

const FRAMES_FUZZED = 10_000
const ENDS_WITHIN_MS = 20_000
/** No end came: it was still open when its time was over. */
const STILL_OPEN = 0

interface Opening {
  readonly origin?: string
  readonly onOpen: (socket: WebSocket) => void | Promise<void>
}

/** One connection from its handshake to its end. */
function attackOnce(url: string, { origin = ORIGIN, onOpen }: Opening): Promise<number> {
  const socket = new WebSocket(url, WS_SUBPROTOCOL, { origin })
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      socket.terminate()
      resolve(STILL_OPEN)
    }, ENDS_WITHIN_MS)
    const end = (code: number) => {
      clearTimeout(timer)
      resolve(code)
    }
    socket.on('open', () => void onOpen(socket))
    socket.on('close', end)
    socket.on('unexpected-response', (_request, response) => {
      response.resume()
      end(response.statusCode ?? STILL_OPEN)
    })
    socket.on('error', () => undefined)
  })
}

async function attackMany(count: number, run: () => Promise<number>): Promise<AttackResult> {
  return tally(await Promise.all(Array.from({ length: count }, run)))
}

function tally(codes: readonly number[]): AttackResult {
  const counts = new Map<number, number>()
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1)
  return [...counts].map(([code, count]) => ({ code, count }))
}

const login = async (socket: WebSocket) => {
  socket.send(JSON.stringify({ type: 'auth', token: await signToken(randomUUID()) }))
}

const send = (socket: WebSocket, data: string | Buffer, isLast = true) => {
  if (socket.readyState === socket.OPEN) socket.send(data, { fin: isLast })
}

/** Connection after connection until so many frames were sent; then it goes by itself. */
async function fuzzedFrames({ url }: Target): Promise<AttackResult> {
  const random = seededRandom(Date.now())
  const codes: number[] = []
  let left = FRAMES_FUZZED
  const fuzz = async (socket: WebSocket) => {
    await login(socket)
    while (left > 0 && socket.readyState === socket.OPEN) {
      for (let burst = 0; burst < 20 && left > 0; burst += 1, left -= 1) {
        send(socket, mangledFrame(random))
      }
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    // The last one has nothing to be put out for: it ends as the others, with something unreadable.
    if (left <= 0) send(socket, '}')
  }
  while (left > 0) codes.push(await attackOnce(url, { onOpen: fuzz }))
  return tally(codes)
}

serve<AttackMethods>({
  fuzzedFrames,
  giantFrames: ({ url }) =>
    attackMany(100, () =>
      attackOnce(url, {
        onOpen: async (socket) => {
          await login(socket)
          send(socket, Buffer.alloc(1_048_576, 'x'))
        },
      }),
    ),
  fragmentStorms: ({ url }) =>
    attackMany(50, () =>
      attackOnce(url, {
        onOpen: async (socket) => {
          await login(socket)
          for (let part = 0; part < 2_000; part += 1) send(socket, 'x'.repeat(64), false)
        },
      }),
    ),
  authFloods: ({ url }) =>
    attackMany(500, () =>
      attackOnce(url, {
        onOpen: (socket) => send(socket, JSON.stringify({ type: 'auth', token: randomUUID() })),
      }),
    ),
  // They say nothing at all, and there are more of them than places for such.
  silentFloods: ({ url }) => attackMany(2_500, () => attackOnce(url, { onOpen: () => undefined })),
  subscriptionFloods: ({ url }) =>
    attackMany(50, () =>
      attackOnce(url, {
        onOpen: async (socket) => {
          await login(socket)
          for (let id = 0; id < 1_000; id += 1) {
            const topic = `session:${randomUUID()}`
            send(socket, JSON.stringify({ type: 'sub', id, topic }))
          }
        },
      }),
    ),
  wrongOrigins: ({ url }) =>
    attackMany(500, () =>
      attackOnce(url, { origin: 'https://evil.example', onOpen: () => undefined }),
    ),
})
