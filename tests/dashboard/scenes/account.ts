import type { Stage } from '../support/stage.ts'
import { scenesOf } from './scene.ts'

async function account(stage: Stage): Promise<void> {
  await stage.enter('/account')
  await stage.page.getByRole('button', { name: 'Change password' }).waitFor()
}

async function makeToken({ page }: Stage, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New token' }).click()
  await page.getByRole('dialog', { name: 'New token' }).getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Make token' }).click()
  await page.getByRole('dialog', { name: 'Copy your token now' }).waitFor()
}

export const ACCOUNT_SCENES = scenesOf('account', [
  { state: 'normal', show: account },
  {
    state: 'a token that is shown once',
    async show(stage) {
      await account(stage)
      await makeToken(stage, 'nightly build')
    },
  },
  {
    state: 'tokens',
    async show(stage) {
      await account(stage)
      for (const name of ['nightly build', 'laptop']) {
        await makeToken(stage, name)
        await stage.page.getByRole('button', { name: 'Done' }).click()
      }
      await stage.page.getByRole('list', { name: 'Tokens' }).getByText('laptop').first().waitFor()
    },
  },
  {
    state: 'delete a token',
    async show(stage) {
      await account(stage)
      await makeToken(stage, 'nightly build')
      await stage.page.getByRole('button', { name: 'Done' }).click()
      await stage.page.getByRole('button', { name: 'Delete nightly build' }).click()
      await stage.page.getByRole('dialog', { name: 'Delete' }).waitFor()
    },
  },
  {
    state: 'error',
    async show(stage) {
      await stage.mock.refuse(stage.email, '/api/account', 'STORE_DOWN')
      await stage.enter('/account')
      await stage.page.getByRole('button', { name: 'Try again' }).first().waitFor()
    },
  },
  {
    state: 'offline',
    async show(stage) {
      await account(stage)
      await stage.goOffline()
      await stage.page.getByRole('button', { name: 'Sign out other devices' }).click()
      await stage.page.getByText('It did not work').waitFor()
      await stage.page.getByRole('button', { name: 'Dismiss' }).focus()
    },
  },
  {
    state: 'sign out everywhere',
    async show(stage) {
      await account(stage)
      await stage.page.getByRole('button', { name: 'Sign out everywhere' }).click()
      await stage.page.getByRole('dialog').waitFor()
    },
  },
])
