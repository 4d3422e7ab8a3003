import { RequestError, TimeoutError } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import type { HostId } from '@vessel/proto/ids'
import { replyEnvelope } from '@vessel/proto/message'
import { parseJson, parseValue } from '@vessel/proto/parse'
import { REQUESTS } from '@vessel/proto/registry'
import { subjects } from '@vessel/proto/subjects'
import type { Orchestrator } from '../vm/ports.ts'
import type { BusConnection } from './connection.ts'

/** An orchestrator that needs longer has lost its database; another one is asked next time. */
const ASK_TIMEOUT_MS = 10_000

function toVesselError(thrown: unknown): VesselError {
  if (thrown instanceof VesselError) return thrown
  if (thrown instanceof TimeoutError) return new VesselError('TIMEOUT', { cause: thrown })
  const isNobody = thrown instanceof RequestError && thrown.isNoResponders()
  const detail = isNobody ? 'no orchestrator is connected' : 'the bus could not be asked'
  return new VesselError('BUS_DOWN', { detail, cause: thrown })
}

export function createOrchestratorClient(bus: BusConnection, host: HostId): Orchestrator {
  return {
    async ask(verb, request, signal) {
      signal.throwIfAborted()
      const shape = REQUESTS[verb]
      const body = JSON.stringify(parseValue(shape.request, request))
      let data: Uint8Array
      try {
        const asked = bus.nats.request(subjects.request(verb, host), body, {
          timeout: ASK_TIMEOUT_MS,
        })
        data = (await untilAborted(asked, signal)).data
      } catch (thrown) {
        signal.throwIfAborted()
        throw toVesselError(thrown)
      }
      const reply = parseJson(replyEnvelope(shape.reply), data)
      if (!reply.ok) throw VesselError.fromShape(reply.error)
      // Parsed by this verb's own schema just above; the union over verbs hides that from the type.
      return reply.value as never
    },
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', onAbort)
    work.catch(() => undefined)
  }
}
