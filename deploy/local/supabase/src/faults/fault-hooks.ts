import { Readable, Transform } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type FaultRule, FaultRules, faultRule } from './fault-rules.ts'

const PATH = '/__faults'

/** Passes `bytesMax` bytes on and then breaks the connection, as a lost network would. */
function cut(request: FastifyRequest, source: Readable, bytesMax: number): Transform {
  let passed = 0
  const cutter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const room = Math.max(0, bytesMax - passed)
      passed += chunk.length
      if (passed <= bytesMax) return done(null, chunk)
      if (room > 0) this.push(chunk.subarray(0, room))
      // The bytes before the cut get a turn of the loop to leave.
      setImmediate(() => {
        request.raw.socket.destroy()
        source.destroy()
        this.destroy()
      })
      return undefined
    },
  })
  return source.pipe(cutter)
}

function asStream(payload: unknown): Readable | null {
  if (payload instanceof Readable) return payload
  if (typeof payload === 'string' || Buffer.isBuffer(payload)) {
    return Readable.from([Buffer.from(payload)])
  }
  return null
}

/**
 * Faults on demand, for tests only: registered when `VESSEL_FAULTS=1` and never otherwise.
 * `POST /__faults` adds a rule, `GET` lists what is left, `DELETE` removes all.
 */
export function registerFaults(app: FastifyInstance): void {
  const rules = new FaultRules()
  const faults = new WeakMap<FastifyRequest, FaultRule>()

  app.post(PATH, async (request, reply) => {
    const rule = faultRule.safeParse(request.body)
    if (!rule.success) return reply.code(400).send({ issues: rule.error.issues })
    if (!rules.add(rule.data)) return reply.code(429).send({ message: 'too many rules' })
    return reply.code(204).send()
  })
  app.get(PATH, async () => rules.list())
  app.delete(PATH, async (_request, reply) => {
    rules.clear()
    return reply.code(204).send()
  })

  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const fault = path === PATH ? null : rules.take(request.method, path)
    if (fault === null) return undefined
    faults.set(request, fault)
    if (fault.latencyMs !== undefined) await wait(fault.latencyMs)
    if (fault.status === undefined) return undefined
    return reply.code(fault.status).send({ message: 'injected fault', statusCode: fault.status })
  })
  app.addHook('preParsing', async (request, _reply, payload) => {
    const bytes = faults.get(request)?.cutAfterBytes
    const hasBody = request.headers['content-length'] !== '0' && request.method !== 'GET'
    if (bytes === undefined || !hasBody) return payload
    return cut(request, payload as Readable, bytes)
  })
  app.addHook('onSend', async (request, reply, payload) => {
    const fault = faults.get(request)
    if (fault?.isAnswerLost === true) {
      request.raw.socket.destroy()
      return payload
    }
    // Nobody hears the answer to a request that was cut, and a stream to nobody breaks Fastify.
    if (request.raw.socket.destroyed) return payload
    const stream = asStream(payload)
    if (fault?.cutAfterBytes === undefined || stream === null) return payload
    reply.removeHeader('content-length')
    return cut(request, stream, fault.cutAfterBytes)
  })
}
