import { minutesAgo } from '../scenes/samples.ts'
import type { Stage } from './stage.ts'

/** A boot screen with nothing on it yet, and its project. */
export async function watchBoot(stage: Stage): Promise<string> {
  const { id } = await stage.mock.project(stage.email, {
    name: 'Long boot',
    session: { state: 'starting', createdAt: minutesAgo(0.1) },
  })
  await stage.enter(`/editor/${id}`)
  await stage.page.getByRole('log', { name: 'Boot log' }).waitFor()
  await stage.page.locator('[data-light="green"]').waitFor()
  return id
}

/** The numbers of the lines on screen, in their order. */
export const seqsOf = ({ page }: Stage): Promise<number[]> =>
  page
    .getByRole('log', { name: 'Boot log' })
    .locator('[data-seq]')
    .evaluateAll((rows) => rows.map((row) => Number(row.getAttribute('data-seq'))))
