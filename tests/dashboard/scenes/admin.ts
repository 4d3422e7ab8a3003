import { SHELF } from './samples.ts'
import { scenesOf } from './scene.ts'

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
    async show(stage) {
      const made = []
      for (const wish of SHELF) made.push(await stage.mock.project(stage.email, wish))
      await stage.enter('/admin')
      await stage.page.getByText('metal-1').first().waitFor()
      await stage.page.getByText('Missed lines').waitFor()
      const [running] = made
      if (!running) throw new Error('no project to change')
      const events = stage.page.getByRole('region', { name: 'Live events' }).last()
      await stage.mock.session(running.id, { state: 'saving' })
      await events.getByText('Saving').waitFor()
      await stage.mock.session(running.id, { state: 'stopped', endReason: 'user_exit' })
      await events.getByText('Saved').waitFor()
    },
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
