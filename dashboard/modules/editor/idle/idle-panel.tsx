'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { formatMoment, formatUntil } from '../../../lib/format-time.ts'
import { useNow } from '../../../lib/use-now.ts'
import { ActivityWords } from './activity-words.tsx'
import { AwakeField } from './awake-field.tsx'
import { useStay } from './use-stay.ts'

const UNTIL_EVERY_MS = 10_000

/** When it stops by itself, what puts that off, and how to have it run on. */
export function IdlePanel({ project, session }: { project: ProjectView; session: SessionView }) {
  const { isBusy, keepAwake } = useStay(project.id)
  const now = useNow(UNTIL_EVERY_MS)
  return (
    <div className="flex flex-col gap-4">
      <p>
        {session.idleStopAt ? (
          <>
            If nothing happens, it is saved and stopped in{' '}
            <time
              dateTime={session.idleStopAt}
              title={formatMoment(session.idleStopAt)}
              className="font-medium tabular-nums"
            >
              {formatUntil(session.idleStopAt, now)}
            </time>
            .
          </>
        ) : (
          'It is not stopped by itself.'
        )}
      </p>
      <ActivityWords settings={project.settings} />
      <AwakeField isBusy={isBusy} onKeepAwake={keepAwake} />
    </div>
  )
}
