import type { SessionView } from '@vessel/proto/http/session-view'
import type { Stage } from '../support/stage.ts'
import { HALF_BOOT, IDE_FAILURE, line, minutesAgo, running, step } from './samples.ts'
import { scenesOf } from './scene.ts'

async function boot(stage: Stage, session: Partial<SessionView>): Promise<string> {
  const { id } = await stage.mock.project(stage.email, {
    name: 'Storefront API',
    session: { createdAt: minutesAgo(0.1), ...session },
  })
  await stage.enter(`/editor/${id}`)
  await stage.page.getByRole('log', { name: 'Boot log' }).waitFor()
  await stage.page.locator('[data-light="green"]').waitFor()
  return id
}

async function halfBooted(stage: Stage): Promise<string> {
  const id = await boot(stage, { state: 'starting' })
  await stage.mock.feed(id, HALF_BOOT)
  await stage.page.getByText('telemetry is disabled').waitFor()
  return id
}

async function failed(stage: Stage): Promise<void> {
  const id = await halfBooted(stage)
  await stage.mock.feed(id, [
    line('Error: listen EADDRINUSE: address already in use', 'error'),
    step('ide', 'failed', 4_211),
  ])
  await stage.mock.session(id, {
    state: 'failed',
    endReason: 'start_failed',
    failure: IDE_FAILURE,
  })
  await stage.page.getByText('It did not start').waitFor()
}

export const BOOT_SCENES = scenesOf('boot', [
  {
    state: 'loading',
    async show(stage) {
      const { id } = await stage.mock.project(stage.email, { session: { state: 'starting' } })
      await stage.mock.hold(stage.email, '/api/projects')
      await stage.enter(`/editor/${id}`)
      await stage.page.getByText('Loading').waitFor()
    },
  },
  {
    state: 'waiting for room',
    async show(stage) {
      await boot(stage, { state: 'placing', queuePosition: 3 })
      await stage.page.getByText('Waiting for room').waitFor()
    },
  },
  {
    state: 'waiting for a host',
    async show(stage) {
      await boot(stage, { state: 'placing', queuePosition: 1, waitsFor: 'host' })
      await stage.page.getByText('No host is connected').waitFor()
    },
  },
  {
    state: 'waiting for a host, an administrator',
    name: 'admin',
    async show(stage) {
      await boot(stage, { state: 'placing', queuePosition: 1, waitsFor: 'host' })
      await stage.page.getByRole('link', { name: 'Go to admin' }).waitFor()
    },
  },
  { state: 'normal', show: async (stage) => void (await halfBooted(stage)) },
  {
    state: 'flood, reader above',
    async show(stage) {
      const id = await halfBooted(stage)
      await stage.mock.flood(id, { rate: 5_000, lines: 3_000 })
      await stage.page.getByText('package-2999').waitFor()
      await stage.page.getByRole('log').hover()
      await stage.page.mouse.wheel(0, -2_000)
      await stage.page.getByRole('button', { name: 'Newest lines' }).waitFor()
    },
  },
  {
    state: 'offline',
    async show(stage) {
      await halfBooted(stage)
      await stage.goOffline()
      await stage.page.locator('[data-light="red"]').waitFor()
    },
  },
  {
    state: 'searching',
    async show(stage) {
      await halfBooted(stage)
      await stage.page.keyboard.press('/')
      await stage.page.getByLabel('Search the log').fill('agent')
      await stage.page.getByText('2 of 2').waitFor()
    },
  },
  {
    state: 'long log',
    async show(stage) {
      const id = await halfBooted(stage)
      await stage.mock.flood(id, { rate: 20_000, lines: 11_000 })
      await stage.page.getByText('package-10999').waitFor()
      await stage.page.getByRole('log').focus()
      await stage.page.keyboard.press('Home')
      await stage.page.getByRole('button', { name: 'Load earlier' }).waitFor()
    },
  },
  { state: 'failed', show: failed },
  {
    state: 'report',
    async show(stage) {
      await failed(stage)
      await stage.page.getByRole('button', { name: 'Report' }).click()
      await stage.page.getByRole('button', { name: 'Copy report' }).waitFor()
    },
  },
  {
    state: 'refused',
    async show(stage) {
      await stage.mock.project(stage.email, { name: 'Storefront API' })
      for (const name of ['Nightly import', 'Forecast notebook']) {
        await stage.mock.project(stage.email, { name, template: 'python', session: running() })
      }
      await stage.mock.refuse(stage.email, '/api/boot', 'LIMIT_SESSIONS')
      await stage.enter('/projects')
      const card = stage.page.getByRole('article', { name: 'Storefront API' })
      await card.getByRole('button', { name: 'Open' }).click()
      await stage.page.getByRole('list', { name: 'Running projects' }).waitFor()
    },
  },
])
