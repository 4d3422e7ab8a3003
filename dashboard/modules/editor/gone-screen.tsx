'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import Link from 'next/link'
import { formatMoment } from '../../lib/format-time.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { CentredScreen } from '../../ui/centred-screen.tsx'
import { TemplateIcon } from '../projects/template-icon.tsx'
import { endWords } from '../session/state-words.ts'

interface GoneScreenProps {
  project: ProjectView
  /** Null: it was never opened. */
  session: SessionView | null
  isBusy: boolean
  onOpen: () => void
}

/** Nothing runs: since when, why, and that the files are safe. One click opens it again. */
export function GoneScreen({ project, session, isBusy, onOpen }: GoneScreenProps) {
  const words = session && endWords(session)
  return (
    <CentredScreen>
      <TemplateIcon origin={project.template} size={44} />
      <p className="mt-5 text-muted">{project.name}</p>
      <h1 className="mt-1 font-semibold text-2xl tracking-tight">
        {words?.title ?? 'This project is not running'}
      </h1>
      {words && session ? (
        <p className="mt-3 text-muted">
          {words.reason} <span className="block text-ink">{words.files}</span>
          {session.endedAt && (
            <time dateTime={session.endedAt} className="mt-1 block text-faint text-sm">
              {formatMoment(session.endedAt)}
            </time>
          )}
        </p>
      ) : (
        <p className="mt-3 text-muted">Open it to start its machine.</p>
      )}
      <div className="mt-7 flex flex-wrap justify-center gap-2">
        <Button variant="primary" isBusy={isBusy} onClick={onOpen}>
          {session ? 'Open again' : 'Open'}
        </Button>
        <Link href="/projects" className={buttonClass('secondary')}>
          Back to projects
        </Link>
      </div>
    </CentredScreen>
  )
}
