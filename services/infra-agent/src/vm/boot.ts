import { VesselError } from '@vessel/proto/errors'
import { bootMachine } from '../steps/boot-machine.ts'
import { createVolume } from '../steps/create-volume.ts'
import { downloadArchive } from '../steps/download-archive.ts'
import { hydrateWorkspace } from '../steps/hydrate-workspace.ts'
import { publishRoute } from '../steps/publish-route.ts'
import { startIde } from '../steps/start-ide.ts'
import { waitForGuest } from '../steps/wait-for-guest.ts'
import { writeJournal } from '../steps/write-journal.ts'
import { runPlan, StepFailed } from './plan.ts'
import type { SessionContext } from './session-context.ts'
import { tellSteps } from './tell-step.ts'

/** Journal → volume → boot → guest → download → hydrate → IDE → route → ready. */
export async function bootSession(context: SessionContext, signal: AbortSignal): Promise<void> {
  const { clock } = context.deps
  const steps = [
    writeJournal(context),
    createVolume(context),
    bootMachine(context),
    waitForGuest(context),
    downloadArchive(context),
    hydrateWorkspace(context),
    startIde(context),
    publishRoute(context),
  ]
  const leftMs = Date.parse(context.record.bootDeadlineAt) - clock.now()
  const late = new AbortController()
  const timer = setTimeout(
    () => late.abort(new VesselError('TIMEOUT', { detail: 'the start took too long' })),
    Math.max(0, leftMs),
  )
  try {
    await runPlan(steps, AbortSignal.any([signal, late.signal]), {
      clock,
      onStep: tellSteps(context),
      onLeft: context.leave,
    })
  } finally {
    clearTimeout(timer)
  }
  await context.update({ readyAt: new Date(clock.now()).toISOString(), git: null })
}

/** Told after it is written down; a crash in between is made good at the next start. */
export async function announceReady(context: SessionContext): Promise<void> {
  const { record, feed } = context
  if (record.isReadyAnnounced || !record.readyAt) return
  await feed.event({
    type: 'ready',
    epoch: record.epoch,
    ip: record.endpoint?.ip ?? '',
    durationMs: Math.max(0, Date.parse(record.readyAt) - Date.parse(record.startedAt)),
  })
  await context.update({ isReadyAnnounced: true })
}

/** A start that failed leaves nothing worth saving: the user never saw the workspace. */
export function bootFailure(thrown: unknown) {
  const stage = thrown instanceof StepFailed ? thrown.step : ('boot' as const)
  const error = thrown instanceof StepFailed ? thrown.error : VesselError.from(thrown)
  return {
    mode: 'discard' as const,
    reason: 'start_failed' as const,
    failure: { stage, error: error.toShape() },
  }
}
