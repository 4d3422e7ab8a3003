import { reviveGuest } from '../steps/revive-guest.ts'
import { bringIdeUp } from '../steps/start-ide.ts'
import { healthOf } from '../steps/wait-for-guest.ts'
import { noteSaveFailure, retryDelayMs } from './end.ts'
import { saveOnce } from './save.ts'
import type { SessionContext } from './session-context.ts'

const LOOK_EVERY_MS = 2_000
/** A machine that has to be started again more often than this is not worth the user's patience. */
const RESTARTS_MAX = 2
const IDE_STARTS_MAX = 3
const REVIVE_WITHIN_MS = 60_000

export interface TendOptions {
  readonly checkpointEveryMs: number
  readonly saveRetryMsMax: number
  /** True once when a checkpoint was asked for. */
  takeSaveRequest(): boolean
  /** A newer run of the project exists: what is here is not the head any more. */
  onSuperseded(): void
  /** Resolves when there is something to look at sooner. */
  wake(): Promise<void>
}

/** What went wrong beyond repair with a machine that was ready. */
export class MachineLost extends Error {}

/**
 * Looks after a ready machine until aborted: starts again what died, and saves what changed.
 * Throws MachineLost when it cannot be kept.
 */
export async function tendMachine(
  context: SessionContext,
  options: TendOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock } = context.deps
  let nextSaveMs = clock.monotonic() + options.checkpointEveryMs
  let ideStarts = 0
  // An agent before us may have listened elsewhere, or somebody emptied the folder.
  const { routes } = context.deps
  if (!(await routes.isPublished(context.record))) await routes.publish(context.record)
  while (!signal.aborted) {
    if (!context.record.isPaused) {
      const health = await keepAlive(context, signal)
      if (health.ide !== 'up' && health.ide !== 'starting') {
        ideStarts += 1
        if (ideStarts > IDE_STARTS_MAX) throw new MachineLost('VS Code ends again and again')
        await restartIde(context, signal)
      }
      const isDue = clock.monotonic() >= nextSaveMs
      const hasChanged = health.changeCount !== (context.record.committed?.changeCount ?? 0)
      if (options.takeSaveRequest() || (isDue && hasChanged)) {
        nextSaveMs = clock.monotonic() + (await checkpoint(context, options, signal))
      } else if (isDue) nextSaveMs = clock.monotonic() + options.checkpointEveryMs
    }
    await Promise.race([clock.sleep(LOOK_EVERY_MS, signal), options.wake()]).catch(() => undefined)
  }
}

async function keepAlive(context: SessionContext, signal: AbortSignal) {
  const health = await healthOf(context, signal)
  if (health) return health
  if (context.record.restarts >= RESTARTS_MAX) throw new MachineLost('it ended again and again')
  const restartsBefore = context.record.restarts
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REVIVE_WITHIN_MS)])
  try {
    const revived = await reviveGuest(context, limit)
    if (context.record.restarts === restartsBefore) return revived
    await bringIdeUp(context, limit)
    await context.deps.routes.publish(context.record)
    return await context.deps.guest.health(
      { endpoint: context.record.endpoint ?? { ip: '', port: 0 }, token: context.record.token },
      limit,
    )
  } catch (cause) {
    signal.throwIfAborted()
    throw new MachineLost('the machine could not be started again', { cause })
  }
}

async function restartIde(context: SessionContext, signal: AbortSignal): Promise<void> {
  context.feed.line('agent', 'VS Code ended and is started again', 'warn')
  const limit = AbortSignal.any([signal, AbortSignal.timeout(REVIVE_WITHIN_MS)])
  try {
    await bringIdeUp(context, limit)
  } catch (thrown) {
    signal.throwIfAborted()
    context.deps.log.warn({ session: context.record.session, err: thrown }, 'ide not restarted')
  }
}

/** Returns after how long the next one may come. A checkpoint that fails is tried again sooner. */
async function checkpoint(
  context: SessionContext,
  options: TendOptions,
  signal: AbortSignal,
): Promise<number> {
  try {
    const result = await saveOnce(context, 'checkpoint', signal)
    if (result === 'recovery') options.onSuperseded()
    return options.checkpointEveryMs
  } catch (thrown) {
    signal.throwIfAborted()
    const retryInMs = retryDelayMs(context.record.saveAttempt + 1, options.saveRetryMsMax)
    await noteSaveFailure(context, thrown, retryInMs)
    return retryInMs
  }
}
