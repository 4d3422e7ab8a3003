import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import { readSessionFigures } from '../../src/store/session-figures.ts'
import { systemClock } from '../../src/system-clock.ts'
import { boot, untilWaitsFor } from './support/steps.ts'
import { World } from './support/world.ts'

let world: World
beforeAll(async () => {
  world = await World.create()
}, 60_000)
afterEach(() => world.reset())
afterAll(() => world.destroy())

it('figures for operators tell the queue and a session past its deadline', async () => {
  const core = await world.core()
  const read = () => readSessionFigures({ db: world.db, store: core.store, clock: systemClock })
  expect(await read()).toEqual({ counts: {}, queued: 0, queuedMsMax: 0, overdueMsMax: 0 })

  const { id } = await boot(core, await world.owner())
  await untilWaitsFor(core, id, 'host')
  expect(await read()).toMatchObject({ counts: { placing: 1 }, queued: 1, overdueMsMax: 0 })

  // Nobody drives it any more.
  await core.close()
  await world.supabase.script(
    `update sessions set deadline_at = now() - interval '3 minutes' where id = '${id}'`,
  )
  expect((await read()).overdueMsMax).toBeGreaterThanOrEqual(180_000)
})
