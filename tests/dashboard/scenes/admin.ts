import type { Stage } from '../support/stage.ts'
import { SHELF } from './samples.ts'
import { scenesOf } from './scene.ts'

/** Sessions of every kind and browsers of every kind; the id of a project that runs. */
async function busyPlace(stage: Stage): Promise<string> {
  const made = []
  for (const wish of SHELF) made.push(await stage.mock.project(stage.email, wish))
  await stage.enter('/admin')
  await stage.page.getByText('metal-1').first().waitFor()
  await stage.page.getByText('Missed lines').waitFor()
  const [running] = made
  if (!running) throw new Error('no project to change')
  return running.id
}

const toTheEnd = ({ page }: Stage): Promise<void> =>
  page.getByRole('region', { name: 'Table of browsers' }).scrollIntoViewIfNeeded()

export const ADMIN_SCENES = scenesOf('admin', [
  {
    state: 'loading',
    name: 'admin',
    async show(stage) {
      await stage.mock.hold(stage.email, '/api/admin')
      await stage.enter('/admin')
      await stage.page.getByRole('heading', { name: 'Hosts' }).waitFor()
    },
  },
  {
    state: 'normal',
    name: 'admin',
    show: async (stage) => void (await busyPlace(stage)),
  },
  {
    state: 'no host yet',
    name: 'admin',
    async show(stage) {
      await stage.mock.answer(stage.email, '/api/admin/hosts', { items: [] })
      const nothing = { items: [], nextCursor: null }
      await stage.mock.answer(stage.email, '/api/admin/sessions', nothing)
      await stage.enter('/admin')
      await stage.page.getByRole('heading', { name: 'No host is connected' }).waitFor()
    },
  },
  {
    state: 'events and browsers',
    name: 'admin',
    async show(stage) {
      const running = await busyPlace(stage)
      const events = stage.page.getByRole('region', { name: 'List of live events' })
      await stage.mock.session(running, { state: 'saving' })
      await events.getByText('Saving', { exact: true }).waitFor()
      await stage.mock.session(running, { state: 'stopped', endReason: 'user_exit' })
      await events.getByText('Saved', { exact: true }).waitFor()
      await toTheEnd(stage)
    },
    again: toTheEnd,
  },
  {
    state: 'offline',
    name: 'admin',
    async show(stage) {
      await stage.enter('/admin')
      await stage.page.getByText('metal-1').first().waitFor()
      await stage.goOffline()
      await stage.page.locator('[data-light="red"]').waitFor()
    },
  },
  {
    state: 'error',
    name: 'admin',
    async show(stage) {
      await stage.mock.refuse(stage.email, '/api/admin', 'FORBIDDEN')
      await stage.enter('/admin')
      await stage.page.getByText('not allowed').first().waitFor()
    },
  },
])
