import type { ProjectWish } from '../support/mock-levers.ts'
import type { Stage } from '../support/stage.ts'
import { HALF_BOOT, minutesAgo, SHELF, step, VERSIONS } from './samples.ts'
import { scenesOf } from './scene.ts'

async function enterProject(stage: Stage, wish: ProjectWish = SHELF[1] ?? {}): Promise<string> {
  const { id } = await stage.mock.project(stage.email, wish)
  await stage.mock.versions(id, VERSIONS)
  await stage.enter(`/projects/${id}`)
  return id
}

/** Asked for just now, or the time until its first line would dwarf all steps. */
const justStarted = (): ProjectWish => ({
  name: 'Landing page',
  template: 'react',
  session: { state: 'starting', createdAt: minutesAgo(0.01) },
})

async function whole(stage: Stage): Promise<void> {
  await enterProject(stage)
  await stage.page.getByRole('button', { name: 'Restore' }).first().waitFor()
}

export const PROJECT_SCENES = scenesOf('project', [
  {
    state: 'loading',
    async show(stage) {
      await stage.mock.hold(stage.email, '/api/projects')
      await enterProject(stage)
      await stage.page.locator('[aria-busy="true"]').first().waitFor()
    },
  },
  { state: 'normal', show: whole },
  {
    state: 'new',
    async show(stage) {
      const { id } = await stage.mock.project(stage.email, { name: 'Scratch', head: null })
      await stage.enter(`/projects/${id}`)
      await stage.page.getByText('Nothing has been saved yet').waitFor()
    },
  },
  {
    state: 'not found',
    async show(stage) {
      await stage.enter('/projects/00000000-0000-4000-8000-000000000000')
      await stage.page.getByText('does not exist').waitFor()
    },
  },
  {
    state: 'error',
    async show(stage) {
      await stage.mock.refuse(stage.email, '/versions', 'INTERNAL')
      await enterProject(stage)
      await stage.page.getByRole('button', { name: 'Try again' }).first().waitFor()
    },
  },
  {
    state: 'offline',
    async show(stage) {
      await whole(stage)
      await stage.goOffline()
      await stage.page.locator('[data-light="red"]').waitFor()
    },
  },
  {
    state: 'timing of a start',
    async show(stage) {
      const id = await enterProject(stage, justStarted())
      await stage.mock.feed(id, [
        ...HALF_BOOT,
        step('ide', 'done', 1_350),
        step('route', 'done', 40),
      ])
      await stage.page.getByRole('button', { name: 'Timing' }).first().click()
      await stage.page.getByRole('list', { name: 'Timing of the start' }).waitFor()
      await stage.page.getByRole('region', { name: 'Activity' }).scrollIntoViewIfNeeded()
    },
  },
  {
    state: 'settings',
    async show(stage) {
      await whole(stage)
      await stage.page.getByRole('region', { name: 'Activity' }).getByText('Opened').waitFor()
      await stage.page.getByRole('button', { name: 'Save settings' }).scrollIntoViewIfNeeded()
    },
    again: ({ page }) =>
      page.getByRole('button', { name: 'Save settings' }).scrollIntoViewIfNeeded(),
  },
  {
    state: 'restore',
    async show(stage) {
      await whole(stage)
      await stage.page.getByRole('button', { name: 'Restore' }).first().click()
      await stage.page.getByRole('dialog').waitFor()
    },
  },
])
