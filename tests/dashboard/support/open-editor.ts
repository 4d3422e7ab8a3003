import type { SessionView } from '@vessel/proto/http/session-view'
import { minutesAgo, running } from '../scenes/samples.ts'
import type { Stage } from './stage.ts'

/** The editor page of a project that runs, once VS Code and the connection are up. */
export async function openEditor(
  stage: Stage,
  session: Partial<SessionView> = {},
): Promise<string> {
  const { id } = await stage.mock.project(stage.email, {
    name: 'Storefront API',
    head: { savedAt: minutesAgo(0.7), bytes: 18_400_000, entries: 214 },
    session: running(session),
  })
  await stage.enter(`/editor/${id}`)
  await stage.page.frameLocator('iframe[title="VS Code"]').getByText('EXPLORER').waitFor()
  await stage.page.locator('[data-light="green"]').waitFor()
  return id
}
