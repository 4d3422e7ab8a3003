import type { Stage } from '../support/stage.ts'
import { minutesAgo, SHELF } from './samples.ts'
import { scenesOf } from './scene.ts'

async function withShelf(stage: Stage): Promise<void> {
  for (const wish of SHELF) await stage.mock.project(stage.email, wish)
  await stage.enter('/projects')
  await stage.page.getByRole('article').first().waitFor()
  await stage.page.locator('[data-light="green"]').waitFor()
}

export const PROJECTS_SCENES = scenesOf('projects', [
  {
    state: 'loading',
    async show(stage) {
      await stage.mock.hold(stage.email, '/api/projects')
      await stage.enter('/projects')
      await stage.page.getByRole('heading', { name: 'Projects' }).waitFor()
    },
  },
  {
    state: 'empty',
    async show(stage) {
      await stage.enter('/projects')
      await stage.page.getByText('Your first project').waitFor()
    },
  },
  { state: 'normal', show: withShelf },
  {
    state: 'error',
    async show(stage) {
      await stage.mock.refuse(stage.email, '/api/projects', 'INTERNAL')
      await stage.enter('/projects')
      await stage.page.getByRole('button', { name: 'Try again' }).waitFor()
    },
  },
  {
    state: 'offline',
    async show(stage) {
      await withShelf(stage)
      await stage.goOffline()
      await stage.page.locator('[data-light="red"]').waitFor()
      await stage.page.getByText('may be out of date').waitFor()
    },
  },
  {
    state: 'no match',
    async show(stage) {
      await withShelf(stage)
      await stage.page.getByRole('searchbox', { name: 'Search projects' }).fill('nothing like it')
      await stage.page.getByText('No match').waitFor()
    },
  },
  {
    state: 'new project',
    async show(stage) {
      await withShelf(stage)
      await stage.page.getByRole('button', { name: 'New project' }).click()
      await stage.page.getByRole('dialog').getByLabel('Name').fill('weather-station')
    },
  },
  {
    state: 'actions',
    async show(stage) {
      await withShelf(stage)
    },
    // A menu follows its button, or goes where its button went out of sight.
    async again({ page }) {
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'More actions' }).first().click()
      await page.getByRole('menu').waitFor()
    },
  },
  {
    state: 'rename',
    async show(stage) {
      await withShelf(stage)
      await stage.page.getByRole('button', { name: 'More actions' }).first().click()
      await stage.page.getByRole('menuitem', { name: 'Rename' }).click()
      await stage.page.getByRole('dialog').waitFor()
    },
  },
  {
    state: 'deleted, undo',
    async show(stage) {
      await withShelf(stage)
      const card = stage.page.getByRole('article', { name: 'Scratch' })
      await card.getByRole('button', { name: 'More actions' }).click()
      await stage.page.getByRole('menuitem', { name: 'Delete' }).click()
      await stage.page.getByRole('button', { name: 'Undo' }).waitFor()
      // Kept in view however long the picture takes.
      await stage.page.getByRole('button', { name: 'Undo' }).focus()
    },
  },
  {
    state: 'recently deleted',
    async show(stage) {
      await stage.mock.project(stage.email, {
        name: 'Old thesis',
        template: 'import',
        deletedAt: minutesAgo(300),
      })
      await withShelf(stage)
      await stage.page.getByRole('button', { name: 'Recently deleted' }).click()
      await stage.page.getByRole('button', { name: 'Bring back' }).waitFor()
    },
  },
  {
    state: 'palette',
    async show(stage) {
      await withShelf(stage)
      await stage.page.keyboard.press('Control+k')
      await stage.page.getByRole('option').first().waitFor()
    },
  },
  {
    state: 'palette, searching',
    async show(stage) {
      await withShelf(stage)
      await stage.page.keyboard.press('Control+k')
      await stage.page.getByRole('combobox').fill('store')
      await stage.page.getByRole('option', { name: 'Save & exit' }).waitFor()
    },
  },
  {
    state: 'palette, nothing found',
    async show(stage) {
      await withShelf(stage)
      await stage.page.keyboard.press('Control+k')
      await stage.page.getByRole('combobox').fill('zebra')
      await stage.page.getByText('Nothing matches').waitFor()
    },
  },
  {
    state: 'login has expired',
    async show(stage) {
      await withShelf(stage)
      await stage.mock.expire(stage.email)
      await stage.page.getByRole('dialog', { name: 'Log in again' }).waitFor()
    },
  },
])
