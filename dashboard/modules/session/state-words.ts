import type { ErrorShape } from '@vessel/proto/error-shape'
import { ERRORS } from '@vessel/proto/errors'
import type { SessionView } from '@vessel/proto/http/session-view'
import { END_REASONS, type EndReason } from '@vessel/proto/reasons'
import { isEnded, type SessionState, sessionCan } from '@vessel/proto/session-state'
import { STEPS, type StepName } from '@vessel/proto/steps'

/** idle: nothing runs. busy: on the way. good: up. move: files are moving. bad: needs attention. */
export type Tone = 'idle' | 'busy' | 'good' | 'move' | 'bad'

export interface Badge {
  readonly label: string
  readonly tone: Tone
  /** Something is happening right now. */
  readonly isLive: boolean
}

const BADGES: Record<SessionState, Badge> = {
  requested: { label: 'Starting', tone: 'busy', isLive: true },
  placing: { label: 'Finding a host', tone: 'busy', isLive: true },
  starting: { label: 'Starting', tone: 'busy', isLive: true },
  ready: { label: 'Running', tone: 'good', isLive: false },
  saving: { label: 'Saving', tone: 'move', isLive: true },
  stopped: { label: 'Saved', tone: 'idle', isLive: false },
  failed: { label: 'Failed', tone: 'bad', isLive: false },
  lost: { label: 'Host lost', tone: 'bad', isLive: false },
}

/** What a `stopped` session is called when its files were not saved by it. */
const STOPPED_LABELS: Partial<Record<EndReason, string>> = {
  user_discard: 'Discarded',
  cancelled: 'Cancelled',
}

const NEVER_OPENED: Badge = { label: 'New', tone: 'idle', isLive: false }

export function badgeFor(session: SessionView | null): Badge {
  if (session === null) return NEVER_OPENED
  const badge = BADGES[session.state]
  if (session.queuePosition !== null && session.state === 'placing') {
    if (session.waitsFor === 'host') return { ...badge, label: 'Waits for a host' }
    return { ...badge, label: `Queued, no. ${session.queuePosition}` }
  }
  if (session.state === 'stopped' && session.endReason !== null) {
    return { ...badge, label: STOPPED_LABELS[session.endReason] ?? badge.label }
  }
  if (session.state === 'failed' && session.endReason === 'save_failed') {
    return { ...badge, label: 'Save failed' }
  }
  return badge
}

export interface ProjectActions {
  /** Show the boot screen or the editor; starts the machine when there is none. */
  readonly isOpenable: boolean
  readonly canSaveAndExit: boolean
  readonly canCancelStart: boolean
  /** Nothing of it runs: it may be deleted, restored and reconfigured. */
  readonly isAtRest: boolean
}

/** What a person may do with a project, from the same table the API uses. */
export function actionsFor(session: SessionView | null): ProjectActions {
  if (session === null) {
    return { isOpenable: true, canSaveAndExit: false, canCancelStart: false, isAtRest: true }
  }
  const { state } = session
  return {
    isOpenable: state !== 'saving',
    canSaveAndExit: sessionCan.save(state),
    canCancelStart: sessionCan.stop(state) && !sessionCan.save(state),
    isAtRest: isEnded(state),
  }
}

export interface EndWords {
  readonly title: string
  readonly reason: string
  /** Said plainly, because it is the first thing anyone wants to know. */
  readonly files: string
}

const FILES_SAVED = 'Your files are saved.'
const FILES_KEPT = 'The last saved version is kept; later changes may wait on the host.'
const FILES_UNTOUCHED = 'Your files are as they were.'

function filesAfter(session: SessionView): string {
  if (session.endReason === 'user_discard') return 'What you changed in this session is gone.'
  if (session.readyAt === null) return FILES_UNTOUCHED
  return session.state === 'stopped' ? FILES_SAVED : FILES_KEPT
}

/** Why a session is over, and what became of the files. */
export function endWords(session: SessionView): EndWords {
  const titles: Partial<Record<SessionState, string>> = {
    failed: 'This session failed',
    lost: 'The host was lost',
  }
  return {
    title: titles[session.state] ?? 'This session has ended',
    reason: session.endReason
      ? END_REASONS[session.endReason]
      : (failureSentence(session.failure) ?? 'It was stopped.'),
    files: filesAfter(session),
  }
}

export function failureSentence(failure: ErrorShape | null): string | null {
  return failure === null ? null : ERRORS[failure.code].title
}

export function stepLabel(step: StepName): string {
  return STEPS[step].label
}
