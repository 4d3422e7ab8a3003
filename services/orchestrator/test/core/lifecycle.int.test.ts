import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../hub/support/until.ts'
import {
  boot,
  bootReady,
  TRACE,
  untilStarted,
  untilState,
  untilStopped,
  untilWaitsFor,
} from './support/steps.ts'
import { World } from './support/world.ts'

/** The bar is 500, which `make test-faults` runs. */
const SAME_INSTANT_ROUNDS = Number(process.env.VESSEL_SAME_INSTANT_ROUNDS ?? '50')

let world: World
beforeAll(async () => {
  world = await World.create()
}, 60_000)
afterEach(() => world.reset())
afterAll(() => world.destroy())

describe('opening a project', () => {
  it('answers at once and gets a machine with the files, settings and trace of the project', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await world.owner()

    const view = await boot(core, owner)
    expect(['requested', 'placing', 'starting']).toContain(view.state)

    await untilStarted(host, view.id)
    const [command] = host.starts
    expect(command).toMatchObject({ session: view.id, project: owner.projectId, epoch: 2 })
    expect(command).toMatchObject({ traceparent: TRACE, archive: { bytes: 3, format: 'zip' } })
    const files = await fetch(command?.archive?.url ?? '')
    expect(await files.text()).toBe('zip')

    await host.ready(view.id)
    const { session } = await untilState(core, view.id, 'ready')
    expect(session).toMatchObject({ hostId: 'a1', bootId: host.listed.get(view.id)?.bootId })
    const status = await core.sessions.boot({ ...owner, traceparent: TRACE })
    expect(status.url).toMatch(/^http:\/\/p[0-9a-f]{8}\.localhost:8080\/$/)
  })

  it('gets ready from the beat alone when the event is lost', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    host.habits.isTelling = false
    const { session } = await bootReady(core, host, await world.owner())
    expect(session.state).toBe('ready')
  })

  it('gives one machine, however many open it through two orchestrators at once', async () => {
    const [one, two] = [await world.core(), await world.core()]
    const host = await world.host('a1')
    for (let round = 0; round < SAME_INSTANT_ROUNDS; round += 1) {
      const owner = await world.owner()
      const opening = [one, two, one, two].map((core) => boot(core, owner))
      const ids = new Set((await Promise.all(opening)).map(({ id }) => id))
      expect(ids.size).toBe(1)
      const [id] = ids
      if (!id) throw new Error('no session')
      await untilStarted(host, id)
      // Left starting, all of them would stand in every beat of this host until the last round.
      await one.sessions.shutdown({ ...owner, isDiscard: false })
      await untilStopped(one, host, id)
    }
    const runs = host.starts.map(({ session, epoch }) => `${session} ${epoch}`)
    expect(new Set(host.starts.map(({ project }) => project)).size).toBe(SAME_INSTANT_ROUNDS)
    expect(new Set(runs).size).toBe(SAME_INSTANT_ROUNDS)
  }, 600_000)

  it('goes on to the next host when one refuses', async () => {
    const core = await world.core()
    const [full, free] = [await world.host('a1'), await world.host('b1')]
    full.habits.startAnswer = 'HOST_FULL'
    for (let round = 0; round < 5; round += 1) {
      const { session } = await bootReady(core, free, await world.owner())
      expect(session.hostId).toBe('b1')
    }
    expect(full.listed.size).toBe(0)
  })

  it('waits in the queue while nobody has room, and starts when somebody has', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    host.habits.isBidding = false
    const [first, second] = [await world.owner(), await world.owner()]
    const { id } = await boot(core, first)
    await until(async () => (await core.store.overview(id))?.queuePosition === 1, {
      what: 'first in the queue',
    })
    const later = await boot(core, second)
    await until(async () => (await core.store.overview(later.id))?.queuePosition === 2, {
      what: 'second in the queue',
    })
    host.habits.isBidding = true
    await untilStarted(host, id)
    await untilStarted(host, later.id)
  })

  it('says that no host is connected, and starts when one comes', async () => {
    const core = await world.core()
    const owners = await Promise.all(Array.from({ length: 5 }, () => world.owner()))
    const runs = []
    for (const owner of owners) runs.push((await boot(core, owner)).id)
    for (const id of runs) await untilWaitsFor(core, id, 'host')

    const host = await world.host('a1')
    host.habits.isBidding = false
    for (const id of runs) await untilWaitsFor(core, id, 'room')
    host.habits.isBidding = true
    for (const id of runs) await untilStarted(host, id)
  })

  it.each([
    ['host', 'NO_HOSTS'],
    ['room', 'NO_ROOM'],
  ] as const)('ends when it waited too long for a %s', async (what, code) => {
    const core = await world.core()
    if (what === 'room') (await world.host('a1')).habits.isBidding = false
    const { id } = await boot(core, await world.owner())
    await untilWaitsFor(core, id, what)
    await world.supabase.sql(
      "update sessions set queued_at = now() - interval '31 minutes' where id = $1::text::uuid",
      [id],
    )
    const { session } = await untilState(core, id, 'failed')
    expect(session.failure).toMatchObject({ code, isRetryable: true })
  })

  it('sends the same command again to a host that did it but was not heard', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    host.habits.startAnswer = null
    const { id } = await boot(core, await world.owner())
    await untilStarted(host, id)
    host.habits.startAnswer = 'yes'
    await untilStarted(host, id, 2)
    await host.ready(id)
    await untilState(core, id, 'ready')
    expect(new Set(host.starts.map(({ opId }) => opId)).size).toBe(1)
  }, 30_000)

  it('tries a boot that broke three times and then says which step broke', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const { id } = await boot(core, await world.owner())
    for (const attempt of [1, 2, 3]) {
      await untilStarted(host, id, attempt)
      await host.end(id, 'IDE_FAILED')
    }
    const { session } = await untilState(core, id, 'failed')
    expect(session.endReason).toBe('start_failed')
    expect(session.failure).toMatchObject({ code: 'IDE_FAILED', stage: 'ide', isRetryable: true })
    expect(host.starts.map(({ epoch }) => epoch)).toEqual([2, 3, 4])
  })

  it('can be opened again right after it failed', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await world.owner()
    const { id } = await boot(core, owner)
    for (const attempt of [1, 2, 3]) {
      await untilStarted(host, id, attempt)
      await host.end(id, 'IDE_FAILED')
    }
    await untilState(core, id, 'failed')
    const { session } = await bootReady(core, host, owner)
    expect(session.id).not.toBe(id)
  })

  it('refuses more sessions than a user may have, and says so', async () => {
    const core = await world.core({ SESSIONS_PER_USER_MAX: '1' })
    const owner = await world.owner()
    await boot(core, owner)
    const second = { userId: owner.userId, projectId: await world.project(owner.userId) }
    await expect(boot(core, second)).rejects.toMatchObject({ code: 'LIMIT_SESSIONS' })
  })

  it('does not open the project of another', async () => {
    const core = await world.core()
    const [mine, theirs] = [await world.owner(), await world.owner()]
    const stolen = { userId: mine.userId, projectId: theirs.projectId }
    await expect(boot(core, stolen)).rejects.toMatchObject({ code: 'PROJECT_NOT_FOUND' })
  })
})

describe('leaving a project', () => {
  const leave = { isDiscard: false }

  it('saves, ends and is free to be opened again', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await world.owner()
    const { session } = await bootReady(core, host, owner)
    const view = await core.sessions.shutdown({ ...owner, ...leave })
    expect(['ready', 'saving']).toContain(view.state)
    await until(() => host.stops.length > 0, { what: 'host was told to stop' })
    expect(host.stops[0]).toMatchObject({ mode: 'save', reason: 'user_exit', epoch: 2 })
    await host.end(session.id)
    const ended = await untilState(core, session.id, 'stopped')
    expect(ended.session.endReason).toBe('user_exit')

    const again = await bootReady(core, host, owner)
    expect(again.session.epoch).toBe(3)
  })

  it('ends by the beat alone when the event is lost', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await world.owner()
    const { session } = await bootReady(core, host, owner)
    host.habits.isTelling = false
    await core.sessions.shutdown({ ...owner, ...leave })
    await until(() => host.stops.length > 0, { what: 'host was told to stop' })
    await host.end(session.id)
    await untilState(core, session.id, 'stopped')
  })

  it('cancels a start that waits for room without asking anyone', async () => {
    const core = await world.core()
    const owner = await world.owner()
    const { id } = await boot(core, owner)
    await core.sessions.shutdown({ ...owner, ...leave })
    const { session } = await untilState(core, id, 'stopped')
    expect(session.endReason).toBe('cancelled')
  })

  it('ends a machine that is still starting', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await world.owner()
    const { id } = await boot(core, owner)
    await untilStarted(host, id)
    await core.sessions.shutdown({ ...owner, ...leave })
    await until(() => host.stops.length > 0, { what: 'host was told to stop' })
    await host.end(id)
    const { session } = await untilState(core, id, 'stopped')
    expect(session.endReason).toBe('cancelled')
  })

  it('passes a discard on only because the user asked for it', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await world.owner()
    await bootReady(core, host, owner)
    await core.sessions.shutdown({ ...owner, isDiscard: true })
    await until(() => host.stops.length > 0, { what: 'host was told to stop' })
    expect(host.stops[0]).toMatchObject({ mode: 'discard', reason: 'user_discard' })
  })

  it('says that nothing runs when nothing does', async () => {
    const core = await world.core()
    const owner = await world.owner()
    const leaving = core.sessions.shutdown({ ...owner, ...leave })
    await expect(leaving).rejects.toMatchObject({ code: 'SESSION_NOT_LIVE' })
  })
})

describe('orchestrators that come and go', () => {
  it('finish what another one began', async () => {
    const first = await world.core()
    const owner = await world.owner()
    const { id } = await boot(first, owner)
    await first.close()
    const second = await world.core()
    const host = await world.host('a1')
    await untilStarted(host, id)
    await host.ready(id)
    await untilState(second, id, 'ready')
  }, 60_000)

  it('lose nothing but codes when the cache is emptied', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await world.owner()
    const { session } = await bootReady(core, host, owner)
    await world.flushCache()
    expect(await core.sessions.latest(owner.userId, owner.projectId)).toMatchObject({
      id: session.id,
      state: 'ready',
    })
    expect(host.stops).toEqual([])
  })
})
