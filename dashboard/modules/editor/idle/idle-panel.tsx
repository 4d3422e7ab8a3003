'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { formatMoment } from '../../../lib/format-time.ts'
import { ActivityWords } from './activity-words.tsx'
import { AwakeField } from './awake-field.tsx'
import { useStay } from './use-stay.ts'

/** When it stops by itself, what puts that off, and how to have it run on. */
export function IdlePanel({ project, session }: { project: ProjectView; session: SessionView }) {
  const { isBusy, keepAwake } = useStay(project.id)
  return (
    <div className="flex flex-col gap-4">
      <p>
        {session.idleStopAt ? (
          <>
            Saved and stopped on{' '}
            <time dateTime={session.idleStopAt} className="font-medium">
              {formatMoment(session.idleStopAt)}
            </time>{' '}
            if nothing happens.
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
