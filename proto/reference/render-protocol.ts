import type { z } from 'zod'
import { CLOSE_CODES, mayReconnect } from '../src/browser/close-codes.ts'
import { GUEST_ROUTES } from '../src/guest/api.ts'
import { REST_ROUTES, type RestRoute } from '../src/http/routes.ts'
import { COMMANDS, ONE_WAY_MESSAGES, REQUESTS } from '../src/registry.ts'
import { SESSION_TRANSITIONS, STATE_DEADLINE_MS } from '../src/session-state.ts'
import { STEPS } from '../src/steps.ts'
import { STREAMS } from '../src/streams.ts'
import { fieldTable } from './describe-schema.ts'

const lines = (...parts: readonly string[]): string => parts.join('\n')

function states(): string {
  const rows = Object.entries(SESSION_TRANSITIONS).map(([from, to]) => {
    const deadline = STATE_DEADLINE_MS[from as keyof typeof STATE_DEADLINE_MS]
    const limit = deadline === null ? '–' : `${deadline / 1000} s`
    return `| \`${from}\` | ${to.map((state) => `\`${state}\``).join(' ') || '_end_'} | ${limit} |`
  })
  return lines('| state | may become | deadline |', '|---|---|---|', ...rows)
}

function steps(): string {
  const rows = Object.entries(STEPS).map(
    ([name, { label, progressMs }]) => `| \`${name}\` | ${label} | ${progressMs / 1000} s |`,
  )
  return lines('| step | shown as | without progress at most |', '|---|---|---|', ...rows)
}

function exchanges(
  all: Record<string, { summary: string; request: z.ZodType; reply: z.ZodType }>,
): string {
  return Object.entries(all)
    .map(([name, { summary, request, reply }]) =>
      lines(
        `### \`${name}\``,
        '',
        summary,
        '',
        'Request:',
        '',
        fieldTable(request),
        '',
        'Reply (`value` of the envelope):',
        '',
        fieldTable(reply),
      ),
    )
    .join('\n\n')
}

function streams(): string {
  const rows = Object.values(STREAMS).map(
    (stream) =>
      `| \`${stream.name}\` | \`${stream.subjects.join('` `')}\` | ${stream.storage} | ${
        stream.maxAgeMs / 3_600_000
      } h | ${stream.msgsPerSubjectMax} |`,
  )
  return lines(
    '| stream | subjects | storage | age | per subject |',
    '|---|---|---|---|---|',
    ...rows,
  )
}

function rest(): string {
  return Object.values(REST_ROUTES as Record<string, RestRoute>)
    .map(({ method, path, summary, isAdmin, isKeyed, query, body, replies }) =>
      lines(
        `### \`${method} ${path}\`${isAdmin ? ' (admin)' : ''}`,
        '',
        isKeyed ? `${summary} Takes an \`Idempotency-Key\`.` : summary,
        ...(query ? ['', 'Query:', '', fieldTable(query)] : []),
        ...(body ? ['', 'Body:', '', fieldTable(body)] : []),
        ...Object.entries(replies).flatMap(([status, schema]) => [
          '',
          `${status}:`,
          '',
          fieldTable(schema),
        ]),
      ),
    )
    .join('\n\n')
}

function closeCodes(): string {
  const rows = Object.entries(CLOSE_CODES).map(
    ([name, code]) => `| ${code} | ${name} | ${mayReconnect(code) ? 'yes' : 'no'} |`,
  )
  return lines('| code | meaning | reconnect |', '|---|---|---|', ...rows)
}

/** The page `docs/protocol.md`. */
export function renderProtocol(): string {
  const guestRoutes = Object.entries(GUEST_ROUTES).map(
    ([name, { method, path }]) => `| ${name} | \`${method} ${path}\` |`,
  )
  return `# Protocol reference

Generated from \`proto/src\` by \`npm run reference -w proto\`; a test keeps it equal. Unknown
fields are tolerated inward, missing or mistyped ones are refused with the path of the fault.

## Session states

${states()}

## Steps

${steps()}

## Streams

${streams()}

## Commands (orchestrator → agent)

\`vessel.v1.host.<host>.cmd.<verb>\`, core request and reply.

${exchanges(COMMANDS)}

## Requests (agent → orchestrator)

\`vessel.v1.orch.<verb>.<host>\`, core request and reply, answered by one of the queue group.

${exchanges(REQUESTS)}

## Messages that go one way

${Object.entries(ONE_WAY_MESSAGES)
  .map(([name, schema]) => lines(`### \`${name}\``, '', fieldTable(schema)))
  .join('\n\n')}

## Guest agent

${lines('| route | |', '|---|---|', ...guestRoutes)}

## REST

${rest()}

## WebSocket

Subprotocol \`vessel.v1\` on \`GET /ws\`, frames of JSON: \`client-frame\` and
\`server-frame\` above.

${closeCodes()}
`
}
