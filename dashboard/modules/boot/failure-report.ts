import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { formatDuration } from '../../lib/format-time.ts'
import type { FeedRow } from '../../live/feed-reducer.ts'
import type { StepRow } from './boot-steps.ts'
import { failureWords } from './boot-words.ts'
import { plainText } from './log-search.ts'

/** Enough to see what went wrong, short enough for a message. */
export const LAST_LINES = 20

export interface FailedBoot {
  readonly project: ProjectView
  readonly session: SessionView
  readonly steps: readonly StepRow[]
  readonly lines: readonly FeedRow[]
}

export const lastLines = (lines: readonly FeedRow[], count: number): string[] =>
  lines.slice(-count).map(plainText)

/** Everything whoever runs the server needs to find this start, as text to send them. */
export function failureReport({ project, session, steps, lines }: FailedBoot): string {
  const { where, reason, detail } = failureWords(session, steps)
  const took = steps.flatMap(({ step, state, elapsedMs }) =>
    elapsedMs === null ? [] : [`  ${step}: ${state}, ${formatDuration(elapsedMs)}`],
  )
  return [
    `Vessel could not start “${project.name}”.`,
    [where, reason, detail].filter(Boolean).join(' '),
    '',
    `code:    ${session.failure?.code ?? session.endReason ?? 'unknown'}`,
    `session: ${session.id}`,
    `project: ${project.id}`,
    `boot:    ${session.bootId ?? 'none'}`,
    `asked:   ${session.createdAt}`,
    `ended:   ${session.endedAt ?? 'unknown'}`,
    '',
    'steps:',
    ...took,
    '',
    'last lines:',
    ...lastLines(lines, LAST_LINES).map((text) => `  ${text}`),
  ].join('\n')
}
