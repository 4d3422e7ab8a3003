import type { SessionView } from '@vessel/proto/http/session-view'
import type { SessionId } from '@vessel/proto/ids'
import type { SessionState } from '@vessel/proto/session-state'
import type { SessionOverview } from '../../../src/store/rows.ts'
import { sessionViewOf } from '../../../src/views/session-view.ts'
import { until } from '../../hub/support/until.ts'
import type { HostStandIn } from './host-stand-in.ts'
import type { Owner, RunningCore } from './world.ts'

export const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

export function boot(core: RunningCore, owner: Owner): Promise<SessionView> {
  return core.sessions.boot({ ...owner, traceparent: TRACE })
}

export async function untilState(
  core: RunningCore,
  id: SessionId,
  state: SessionState,
): Promise<SessionOverview> {
  let found: SessionOverview | null = null
  const isThere = async () => {
    found = await core.store.overview(id)
    return found?.session.state === state
  }
  await until(isThere, { what: `session is ${state}`, withinMs: 20_000 }).catch((cause) => {
    throw new Error(`session is ${JSON.stringify(found)}`, { cause })
  })
  if (!found) throw new Error('unreachable: the wait has found it')
  return found
}

export async function untilWaitsFor(
  core: RunningCore,
  id: SessionId,
  what: 'room' | 'host',
): Promise<void> {
  const isTrue = async () => {
    const overview = await core.store.overview(id)
    return overview !== null && sessionViewOf(overview, core.settings).waitsFor === what
  }
  await until(isTrue, { what: `${id} waits for a ${what}`, withinMs: 20_000 })
}

export async function untilStarted(host: HostStandIn, id: SessionId, times = 1): Promise<void> {
  const count = () => host.starts.filter(({ session }) => session === id).length
  await until(() => count() >= times, { what: `host ${host.id} was told to start` })
}

/** From having asked to leave until the host has nothing left of it. */
export async function untilStopped(
  core: RunningCore,
  host: HostStandIn,
  id: SessionId,
): Promise<void> {
  const isTold = () => host.stops.some(({ session }) => session === id)
  await until(isTold, { what: `host ${host.id} was told to stop` })
  await host.end(id)
  await untilState(core, id, 'stopped')
  host.listed.delete(id)
}

/** A session that is up on a host. */
export async function bootReady(
  core: RunningCore,
  host: HostStandIn,
  owner: Owner,
): Promise<SessionOverview> {
  const { id } = await boot(core, owner)
  await untilStarted(host, id)
  await host.ready(id)
  return untilState(core, id, 'ready')
}
