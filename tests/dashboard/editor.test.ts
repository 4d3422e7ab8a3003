import { describe, expect, it } from '@jest/globals'
import type { Dialog } from 'playwright-core'
import { load, PORTS, SAVE_FAILED } from './scenes/machine.ts'
import { inMinutes, minutesAgo, step } from './scenes/samples.ts'
import { openEditor } from './support/open-editor.ts'
import type { Stage } from './support/stage.ts'
import { withSite } from './support/with-site.ts'

const TEST_MS = 60_000
const site = withSite()

const bar = ({ page }: Stage) => page.getByRole('toolbar', { name: 'Session' })
const placed = (stage: Stage, place: string) =>
  stage.page.locator(`[role="toolbar"][data-place="${place}"]`)

/** Closes the tab as a person does, and gives what the browser asks before it does. */
async function closeTab({ page }: Stage): Promise<Dialog> {
  const [dialog] = await Promise.all([
    page.waitForEvent('dialog'),
    page.close({ runBeforeUnload: true }),
  ])
  expect(dialog.type()).toBe('beforeunload')
  return dialog
}

describe('the editor page', () => {
  it(
    'opens what listens on a port in a tab that cannot reach back',
    () =>
      site.stage('ports', async (stage) => {
        const id = await openEditor(stage)
        await stage.mock.feed(id, [PORTS])
        await stage.page.getByRole('button', { name: 'Ports, 2 open' }).click()
        const opened = stage.context.waitForEvent('page')
        await stage.page.getByRole('button', { name: 'Open port 3000 in a new tab' }).click()
        const tab = await opened
        await tab.waitForURL('**/_vessel/enter**')
        expect(await tab.evaluate(() => window.opener === null)).toBe(true)
      }),
    TEST_MS,
  )

  it(
    'draws what the machine reports and warns of a disk that fills up',
    () =>
      site.stage('resources', async (stage) => {
        const id = await openEditor(stage)
        await stage.mock.metrics(id, load({ diskUsed: 0.42 }))
        await stage.page.getByRole('button', { name: 'Resources' }).click()
        await stage.page
          .getByRole('img', { name: /^CPU: \d+ %/ })
          .locator('canvas')
          .waitFor()
        expect(await stage.page.locator('[data-disk]').count()).toBe(0)
        await stage.page.keyboard.press('Escape')

        await stage.mock.metrics(id, load({ diskUsed: 0.81 }))
        await stage.page.locator('[data-disk="filling"]').waitFor()
        await stage.page.getByRole('button', { name: 'Dismiss' }).click()
        await stage.page.locator('[data-disk]').waitFor({ state: 'detached' })
        // What was waved away comes back when it gets worse.
        await stage.mock.metrics(id, load({ diskUsed: 0.96 }))
        await stage.page.locator('[data-disk="full"]').waitFor()
      }),
    TEST_MS,
  )

  it(
    'warns before a stop for idleness, and one press puts it off',
    () =>
      site.stage('idle', async (stage) => {
        await openEditor(stage, { idleStopAt: inMinutes(4), lastActivityAt: minutesAgo(26) })
        const dialog = stage.page.getByRole('dialog', { name: 'Are you still there?' })
        await dialog
          .getByRole('timer')
          .getByText(/^3:\d\d|4:00$/)
          .waitFor()
        await stage.page.waitForFunction(() => document.title.includes('until it stops'))
        await dialog.getByRole('button', { name: 'Keep working' }).press('Enter')
        await dialog.waitFor({ state: 'detached' })
        await stage.page.waitForFunction(() => document.title.startsWith('Storefront API'))
      }),
    TEST_MS,
  )

  it(
    'keeps awake for as long as was asked',
    () =>
      site.stage('awake', async (stage) => {
        await openEditor(stage, { idleStopAt: inMinutes(4), lastActivityAt: minutesAgo(26) })
        const asked = stage.page.waitForRequest(
          (request) => request.postData()?.includes('keep-awake') ?? false,
        )
        await stage.page.getByLabel('Keep awake for').selectOption('2 hours')
        await stage.page.getByLabel('Keep awake for').click()
        await stage.page.keyboard.press('Escape')
        await stage.page.getByRole('button', { name: 'Keep awake' }).click()
        expect((await asked).postDataJSON()).toMatchObject({
          source: 'keep-awake',
          keepAwakeMs: 7_200_000,
        })
        await stage.page.getByRole('dialog').waitFor({ state: 'detached' })
      }),
    TEST_MS,
  )

  it(
    'lets its bar be moved by hand, by arrow keys and by a press, and remembers where to',
    () =>
      site.stage('moving the bar', async (stage) => {
        await openEditor(stage)
        const handle = stage.page.getByRole('button', { name: 'Move this bar' })
        await placed(stage, 'bottom-right').waitFor()
        await handle.press('ArrowLeft')
        await placed(stage, 'bottom-centre').waitFor()
        await handle.press('Enter')
        await placed(stage, 'bottom-left').waitFor()

        await handle.hover()
        await stage.page.mouse.down()
        await stage.page.locator('[data-held]').waitFor()
        await stage.settle()
        await stage.page.mouse.move(1_300, 120, { steps: 5 })
        await stage.page.mouse.up()
        await placed(stage, 'top-right').waitFor()
        await stage.page.reload()
        await placed(stage, 'top-right').waitFor()
      }),
    TEST_MS,
  )

  it(
    'says what leaving saves before it is done, and asks once before it throws work away',
    () =>
      site.stage('save', async (stage) => {
        await openEditor(stage)
        await bar(stage)
          .getByRole('button', { name: /^saved/ })
          .click()
        await stage.page.getByText('214 files, 9.4 MB').waitFor()
        await stage.page.getByText('node_modules').waitFor()
        await stage.page.getByText('18.4 MB packed, 214 files').waitFor()
        await stage.page.getByRole('button', { name: 'Discard changes' }).click()
        await stage.page.getByText(/since the last save/).waitFor()
        await stage.page.getByRole('button', { name: 'Keep working' }).click()
        await bar(stage).getByRole('button', { name: 'Save & Exit' }).click()
        await stage.page.waitForURL('**/projects')
      }),
    TEST_MS,
  )

  it(
    'has the browser ask before it is closed while files are being saved',
    () =>
      site.stage('leave protection', async (stage) => {
        const id = await openEditor(stage)
        await bar(stage).click({ position: { x: 3, y: 3 } })
        await stage.mock.session(id, { state: 'saving' })
        await stage.page.getByRole('dialog', { name: 'Saving' }).waitFor()
        await (await closeTab(stage)).dismiss()
        // Whoever stays goes on seeing how the save gets on.
        await stage.mock.feed(id, [
          step('pack', 'done', 812),
          step('upload', 'failed'),
          SAVE_FAILED,
        ])
        await stage.page.getByText('nothing is lost').waitFor()

        const closed = stage.page.waitForEvent('close')
        await (await closeTab(stage)).accept()
        await closed
      }),
    TEST_MS,
  )

  it(
    'is closed without a question when nothing is being saved',
    () =>
      site.stage('leave', async (stage) => {
        const id = await openEditor(stage)
        await bar(stage).click({ position: { x: 3, y: 3 } })
        await stage.mock.session(id, { state: 'saving' })
        await stage.page.getByRole('dialog', { name: 'Saving' }).waitFor()
        await stage.mock.session(id, { state: 'stopped', endReason: 'idle' })
        await stage.page.getByRole('heading', { name: 'ended' }).waitFor()

        const dialogs: string[] = []
        stage.page.on('dialog', (dialog) => {
          dialogs.push(dialog.type())
          void dialog.accept()
        })
        const closed = stage.page.waitForEvent('close')
        await stage.page.close({ runBeforeUnload: true })
        await closed
        expect(dialogs).toEqual([])
      }),
    TEST_MS,
  )

  it(
    'shows who else is here',
    () =>
      site.stage('presence', async (stage) => {
        const id = await openEditor(stage)
        await stage.mock.guests(id, [
          { userId: '00000000-0000-4000-8000-0000000000aa', name: 'grace', state: 'editor' },
        ])
        await stage.page.reload()
        await stage.page.getByRole('list', { name: 'Also here' }).getByText(/grace/).waitFor()
      }),
    TEST_MS,
  )
})
