'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { useEffect } from 'react'
import { formatCountdown } from '../../../lib/format-time.ts'
import { useNow } from '../../../lib/use-now.ts'
import { Button } from '../../../ui/button.tsx'
import { Dialog, DialogActions } from '../../../ui/dialog.tsx'
import { ProgressBar } from '../../../ui/progress-bar.tsx'
import { tabFace } from '../tab-face.ts'
import { ActivityWords } from './activity-words.tsx'
import { AwakeField } from './awake-field.tsx'
import { idleState, warnBeforeMs } from './idle-clock.ts'
import { useStay } from './use-stay.ts'

const TICK_MS = 500

/** A tab that is not looked at says it where it is seen: in its title. */
function useCountdownTitle(words: string | null, usual: string): void {
  useEffect(() => {
    if (words === null) return
    document.title = words
    return () => {
      document.title = usual
    }
  }, [words, usual])
}

interface IdleDialogProps {
  project: ProjectView
  session: SessionView
}

/** Five minutes before a stop for idleness: one click to stay. */
export function IdleDialog({ project, session }: IdleDialogProps) {
  const now = useNow(session.state === 'ready' ? TICK_MS : null)
  const stay = useStay(project.id)
  const state = idleState(session, now)
  const remainingMs = state.kind === 'warning' ? state.remainingMs : 0
  const isOpen = session.state === 'ready' && state.kind !== 'calm'
  const words = `${formatCountdown(remainingMs)} until it stops`
  useCountdownTitle(isOpen ? words : null, tabFace(project).title)
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={() => undefined}
      isAnswerRequired
      title="Are you still there?"
      description="Nothing happened for a while. Your files are saved before the machine stops."
    >
      <div className="mt-5 mb-4 flex items-center gap-4">
        {/* Spoken once when it opens; every second of it would drown everything else. */}
        <p role="timer" aria-live="off" className="font-semibold text-2xl tabular-nums">
          {formatCountdown(remainingMs)}
        </p>
        <ProgressBar
          label="Time left"
          className="flex-1"
          fraction={remainingMs / warnBeforeMs(session)}
        />
      </div>
      <ActivityWords settings={project.settings} />
      {/* Choosing here is not working: it must not put the stop off by itself and close this. */}
      <div data-no-heartbeat className="mt-5">
        <AwakeField isBusy={stay.isBusy} onKeepAwake={stay.keepAwake} />
      </div>
      <DialogActions>
        <Button variant="primary" data-autofocus isBusy={stay.isBusy} onClick={stay.keepWorking}>
          Keep working
        </Button>
      </DialogActions>
    </Dialog>
  )
}
