import type { Stage } from '../support/stage.ts'
import { scenesOf } from './scene.ts'

const goTo =
  (path: string, button: string) =>
  async ({ page, url }: { page: Stage['page']; url: (path: string) => string }): Promise<void> => {
    await page.goto(url(path))
    // Alive once its button can be pressed.
    await page.getByRole('button', { name: button, exact: true, disabled: false }).waitFor()
  }

const visit = (path: string, button: string) => (stage: Stage) =>
  goTo(path, button)({ page: stage.page, url: (to) => stage.url(to) })

async function logIn(stage: Stage, password: string): Promise<void> {
  await visit('/login', 'Log in')(stage)
  await stage.page.getByLabel('Email').fill(stage.email)
  await stage.page.getByLabel('Password', { exact: true }).fill(password)
  await stage.page.getByRole('button', { name: 'Log in' }).click()
}

export const AUTH_SCENES = scenesOf('auth', [
  { state: 'log in', show: visit('/login', 'Log in') },
  {
    state: 'wrong password',
    async show(stage) {
      await logIn(stage, 'not-the-password')
      await stage.page.getByText('Email or password is wrong.').waitFor()
    },
  },
  {
    state: 'no network',
    async show(stage) {
      await visit('/login', 'Log in')(stage)
      await stage.page.getByLabel('Email').fill(stage.email)
      await stage.page.getByLabel('Password', { exact: true }).fill('vessel-demo')
      await stage.context.setOffline(true)
      await stage.page.getByRole('button', { name: 'Log in' }).click()
      await stage.page.getByText('cannot be reached').waitFor()
    },
  },
  { state: 'sign up', show: visit('/signup', 'Sign up') },
  {
    state: 'confirm the address',
    name: 'confirm',
    async show(stage) {
      await visit('/signup', 'Sign up')(stage)
      await stage.page.getByLabel('Email').fill(`new-${stage.email}`)
      await stage.page.getByLabel('Password', { exact: true }).fill('vessel-demo')
      await stage.page.getByRole('button', { name: 'Sign up' }).click()
      await stage.page.getByRole('heading', { name: 'mail' }).waitFor()
    },
  },
  { state: 'forgotten password', show: visit('/forgot-password', 'Send link') },
  {
    state: 'link is on its way',
    async show(stage) {
      await visit('/forgot-password', 'Send link')(stage)
      await stage.page.getByLabel('Email').fill(stage.email)
      await stage.page.getByRole('button', { name: 'Send link' }).click()
      await stage.page.getByRole('heading', { name: 'mail' }).waitFor()
    },
  },
  {
    state: 'new password',
    async show(stage) {
      await stage.enter('/reset-password')
      await stage.page.getByRole('button', { name: 'Change password', disabled: false }).waitFor()
    },
  },
  {
    state: 'link has expired',
    async show(stage) {
      await stage.page.goto(stage.url('/reset-password'))
      await stage.page.getByRole('heading').first().waitFor()
    },
  },
  {
    state: 'no such page',
    async show(stage) {
      await stage.page.goto(stage.url('/nowhere'))
      await stage.page.getByRole('heading').first().waitFor()
    },
  },
])
