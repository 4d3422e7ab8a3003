import type { Stage } from '../support/stage.ts'
import { scenesOf } from './scene.ts'

async function account(stage: Stage): Promise<void> {
  await stage.enter('/account')
  await stage.page.getByRole('button', { name: 'Change password' }).waitFor()
}

export const ACCOUNT_SCENES = scenesOf('account', [
  { state: 'normal', show: account },
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
