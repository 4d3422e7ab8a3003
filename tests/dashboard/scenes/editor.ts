import { openEditor } from '../support/open-editor.ts'
import type { Stage } from '../support/stage.ts'
import { LARGE_REST, LARGE_WORKSPACE, load, PORTS, SAVE_FAILED } from './machine.ts'
import { inMinutes, minutesAgo, running, step } from './samples.ts'
import { scenesOf } from './scene.ts'

/** A panel follows its button, which another width may move away from under it. */
async function openAgain({ page }: Stage, button: string): Promise<void> {
  await page.keyboard.press('Escape')
  await page.getByRole('toolbar').getByRole('button', { name: button }).click()
}

export const EDITOR_SCENES = scenesOf('editor', [
  { state: 'normal', show: async (stage) => void (await openEditor(stage)) },
  {
    state: 'actions',
    async show(stage) {
      await openEditor(stage)
      await stage.page.getByRole('toolbar').waitFor()
    },
    again: (stage) => openAgain(stage, 'More actions'),
  },
  {
    state: 'opening',
    async show(stage) {
      const { id } = await stage.mock.project(stage.email, { session: running() })
      await stage.mock.hold(stage.email, '/ticket')
      await stage.enter(`/editor/${id}`)
      await stage.page.getByText('Opening VS Code').waitFor()
    },
  },
  {
    state: 'cannot be opened',
    async show(stage) {
      const { id } = await stage.mock.project(stage.email, { session: running() })
      await stage.mock.refuse(stage.email, '/ticket', 'OVERLOADED')
      await stage.enter(`/editor/${id}`)
      await stage.page.getByRole('button', { name: 'Try again' }).waitFor()
    },
  },
  {
    state: 'not running',
    async show(stage) {
      const { id } = await stage.mock.project(stage.email, { name: 'Storefront API' })
      await stage.enter(`/editor/${id}`)
      await stage.page.getByRole('heading', { name: 'not running' }).waitFor()
    },
  },
  {
    state: 'someone else is here',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.guests(id, [
        { userId: '00000000-0000-4000-8000-0000000000aa', name: 'grace', state: 'editor' },
        { userId: '00000000-0000-4000-8000-0000000000bb', name: 'linus', state: 'away' },
      ])
      await stage.page.reload()
      await stage.page.getByRole('list', { name: 'Also here' }).waitFor()
    },
  },
  {
    state: 'ports',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.feed(id, [PORTS])
      await stage.page.getByRole('button', { name: 'Ports, 2 open' }).click()
      await stage.page.getByText('5173').first().waitFor()
    },
    again: (stage) => openAgain(stage, 'Ports'),
  },
  {
    state: 'no ports',
    async show(stage) {
      await openEditor(stage)
      await stage.page.getByRole('button', { name: 'Ports' }).click()
      await stage.page.getByText('Start a server').waitFor()
    },
    again: (stage) => openAgain(stage, 'Ports'),
  },
  {
    state: 'resources',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.metrics(id, load({ diskUsed: 0.42 }))
      await stage.page.getByRole('button', { name: 'Resources' }).click()
      await stage.page.getByRole('img', { name: /^CPU/ }).waitFor()
    },
    again: (stage) => openAgain(stage, 'Resources'),
  },
  {
    state: 'disk at 80 percent',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.metrics(id, load({ diskUsed: 0.84 }))
      await stage.page.getByText('filling up').waitFor()
    },
  },
  {
    state: 'disk at 95 percent',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.metrics(id, load({ diskUsed: 0.97 }))
      await stage.page.getByText('almost full').waitFor()
      await stage.page.getByRole('button', { name: 'Resources' }).click()
      await stage.page.getByRole('meter').waitFor()
    },
    again: (stage) => openAgain(stage, 'Resources'),
  },
  {
    state: 'what a save does',
    async show(stage) {
      await openEditor(stage)
      await stage.page.getByRole('button', { name: /^saved/ }).click()
      await stage.page.getByText('6 ignored things stay behind (340 MB)').waitFor()
    },
  },
  {
    state: 'more is left out than can be measured',
    async show(stage) {
      await stage.mock.answer(stage.email, '/preview', LARGE_REST)
      await openEditor(stage)
      await stage.page.getByRole('button', { name: /^saved/ }).click()
      await stage.page.getByText('more than 1.2 GB').waitFor()
    },
  },
  {
    state: 'more is saved than can be counted',
    async show(stage) {
      await stage.mock.answer(stage.email, '/preview', LARGE_WORKSPACE)
      await openEditor(stage)
      await stage.page.getByRole('button', { name: /^saved/ }).click()
      await stage.page.getByText('More than 412,906 files').waitFor()
    },
  },
  {
    state: 'idle warning',
    async show(stage) {
      await openEditor(stage, { idleStopAt: inMinutes(4.2), lastActivityAt: minutesAgo(26) })
      await stage.page.getByRole('button', { name: 'Keep working' }).waitFor()
    },
  },
  {
    state: 'when it stops',
    async show(stage) {
      await openEditor(stage)
      await stage.page.getByRole('button', { name: 'When it stops' }).click()
      await stage.page.getByText('if nothing happens').waitFor()
    },
  },
  {
    state: 'discard',
    async show(stage) {
      await openEditor(stage)
      await stage.page.getByRole('button', { name: 'More actions' }).click()
      await stage.page.getByRole('menuitem', { name: 'Discard' }).click()
      await stage.page.getByRole('dialog', { name: 'Discard' }).waitFor()
    },
  },
  {
    state: 'saving again',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.session(id, { state: 'saving' })
      await stage.mock.feed(id, [step('pack', 'done', 812), step('upload', 'failed'), SAVE_FAILED])
      await stage.page.getByText('nothing is lost').waitFor()
    },
  },
  {
    state: 'saving',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.session(id, { state: 'saving' })
      await stage.mock.feed(id, [step('pack', 'done', 812), step('upload', 'started')])
      await stage.page.getByRole('dialog', { name: 'Saving' }).waitFor()
    },
  },
  {
    state: 'offline',
    async show(stage) {
      await openEditor(stage)
      await stage.goOffline()
      await stage.page.locator('[data-light="red"]').waitFor()
    },
  },
  {
    state: 'stopped for idleness',
    async show(stage) {
      const id = await openEditor(stage)
      await stage.mock.session(id, { state: 'stopped', endReason: 'idle' })
      await stage.page.getByRole('heading', { name: 'ended' }).waitFor()
    },
  },
])
