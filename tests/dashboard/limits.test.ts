import { describe, expect, it } from '@jest/globals'
import { running } from './scenes/samples.ts'
import { withSite } from './support/with-site.ts'

const TEST_MS = 90_000
const site = withSite()

describe('one project too many', () => {
  it(
    'can be made room for where it was refused',
    () =>
      site.stage('make room', async (stage) => {
        const { page, mock, email } = stage
        await mock.project(email, { name: 'Storefront API' })
        await mock.project(email, { name: 'Nightly import', session: running() })
        await mock.refuse(email, '/api/boot', 'LIMIT_SESSIONS')
        await stage.enter('/projects')
        const card = page.getByRole('article', { name: 'Storefront API' })
        await card.getByRole('button', { name: 'Open' }).click()

        const list = page.getByRole('list', { name: 'Running projects' })
        await list.getByRole('button', { name: 'Save & exit Nightly import' }).click()
        await list.waitFor({ state: 'detached' })

        await mock.mend(email)
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.getByRole('log', { name: 'Boot log' }).waitFor()
        expect(await page.title()).toContain('Storefront API')
      }),
    TEST_MS,
  )
})
