import type { CommitReply } from '@vessel/proto/requests/commit'
import { commitArchive } from '../steps/commit-archive.ts'
import { keepArchive } from '../steps/keep-archive.ts'
import { keepBase } from '../steps/keep-base.ts'
import { packWorkspace, type SaveKind } from '../steps/pack-workspace.ts'
import { uploadArchive } from '../steps/upload-archive.ts'
import { runPlan } from './plan.ts'
import type { SessionContext } from './session-context.ts'
import { tellSteps } from './tell-step.ts'

export type SaveResult = CommitReply['result'] | 'unchanged'

/**
 * Saves the workspace once: packed, stored, committed, told. Throws StepFailed otherwise, with
 * whatever was packed still on disk for the next try.
 */
export async function saveOnce(
  context: SessionContext,
  kind: SaveKind,
  signal: AbortSignal,
): Promise<SaveResult> {
  const { clock } = context.deps
  const startedMs = clock.monotonic()
  let result: SaveResult = 'unchanged'
  const steps = context.record.local
    ? [packWorkspace(context, kind), keepArchive(context)]
    : [
        packWorkspace(context, kind),
        uploadArchive(context),
        commitArchive(context, {
          onCommitted: (committed) => {
            result = committed
          },
        }),
      ]
  const { leave: onLeft } = context
  await runPlan(steps, signal, { clock, onStep: tellSteps(context), onLeft })

  const { pending, epoch, committed } = context.record
  if (!pending) return result
  await context.feed.event({
    type: 'saved',
    epoch,
    kind,
    result,
    bytes: pending.bytes,
    entries: pending.entries,
    durationMs: Math.round(clock.monotonic() - startedMs),
  })
  await context.update({
    pending: null,
    committed: committed && { ...committed, changeCount: pending.changeCount },
    lastSavedAt: new Date(clock.now()).toISOString(),
    saveAttempt: 0,
  })
  await keepBase(context, pending)
  return result
}
