import { type NatsConnection, RequestError } from '@nats-io/transport-node'
import { replyEnvelope } from '@vessel/proto/message'
import { parseJson, parseValue } from '@vessel/proto/parse'
import { COMMANDS } from '@vessel/proto/registry'
import { subjects } from '@vessel/proto/subjects'
import type { HostCommands } from '../placement/ports.ts'
import type { Log } from '../ports.ts'

/** A host answers when the command is in its journal, which takes milliseconds. */
const ANSWER_WITHIN_MS = 5_000

/** Commands by core request and reply: an absent host is known at once. */
export function createHostCommands(nc: NatsConnection, log: Log): HostCommands {
  return {
    async send(host, verb, request) {
      const shape = COMMANDS[verb]
      const body = JSON.stringify(parseValue(shape.request, request))
      try {
        const message = await nc.request(subjects.command(host, verb), body, {
          timeout: ANSWER_WITHIN_MS,
        })
        const reply = parseJson(replyEnvelope(shape.reply), message.data)
        // Parsed by this verb's own schema; the union over verbs hides that from the type.
        return { kind: 'answered', reply: reply as never }
      } catch (err) {
        if (err instanceof RequestError && err.isNoResponders()) return { kind: 'absent' }
        log.warn({ host, verb, err }, 'no answer to a command')
        return { kind: 'unknown' }
      }
    },
  }
}
