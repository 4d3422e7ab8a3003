import type { Msg } from '@nats-io/transport-node'
import { VesselError } from '@vessel/proto/errors'
import type { HostId } from '@vessel/proto/ids'
import type { Reply, ReplyOf, RequestOf } from '@vessel/proto/message'
import { parseJson } from '@vessel/proto/parse'
import { COMMANDS } from '@vessel/proto/registry'
import { type CommandVerb, parseSubject, subjects } from '@vessel/proto/subjects'
import type { Log } from '../vm/ports.ts'
import type { BusConnection } from './connection.ts'

/** What each command does. A new verb in proto does not compile until it is handled here. */
export type CommandHandlers = {
  readonly [V in CommandVerb]: (
    request: RequestOf<(typeof COMMANDS)[V]>,
  ) => Promise<Reply<ReplyOf<(typeof COMMANDS)[V]>>>
}

/** Commands being worked on at once; an orchestrator never has this many open on one host. */
const IN_FLIGHT_MAX = 256
/** Messages waiting in the subscription before it is reported as behind. */
const SLOW_AFTER = 1_000

export interface CommandServer {
  /** No new command is taken; those that are being worked on are answered. */
  stop(): Promise<void>
}

export function serveCommands(
  deps: { bus: BusConnection; host: HostId; log: Log },
  handlers: CommandHandlers,
): CommandServer {
  const { bus, host, log } = deps
  const inFlight = new Set<Promise<void>>()

  const answer = async (message: Msg): Promise<void> => {
    let reply: Reply<unknown>
    try {
      reply = await dispatch(handlers, message)
    } catch (thrown) {
      const error = VesselError.from(thrown)
      if (error.kind === 'bug')
        log.error({ err: thrown, subject: message.subject }, 'command broke')
      reply = { ok: false, error: error.toShape() }
    }
    message.respond(JSON.stringify(reply))
  }

  const subscription = bus.nats.subscribe(subjects.commandsOf(host), {
    slow: SLOW_AFTER,
    callback: (fault, message) => {
      if (fault) return log.error({ err: fault }, 'command subscription failed')
      if (inFlight.size >= IN_FLIGHT_MAX) {
        const error = new VesselError('OVERLOADED').toShape()
        message.respond(JSON.stringify({ ok: false, error }))
        return
      }
      const work = answer(message)
      inFlight.add(work)
      work
        .catch((thrown) => log.warn({ err: thrown }, 'command not answered'))
        .finally(() => inFlight.delete(work))
    },
  })

  return {
    async stop() {
      subscription.unsubscribe()
      await Promise.allSettled(inFlight)
    },
  }
}

async function dispatch(handlers: CommandHandlers, message: Msg): Promise<Reply<unknown>> {
  const parsed = parseSubject(message.subject)
  if (parsed?.kind !== 'command') throw new VesselError('NOT_FOUND', { detail: 'no such command' })
  const request = parseJson(COMMANDS[parsed.verb].request, message.data)
  // The schema looked up by the verb is the one of the handler looked up by the same verb.
  const handle = handlers[parsed.verb] as (value: unknown) => Promise<Reply<unknown>>
  return handle(request)
}
