import { describe, expect, it } from '@jest/globals'
import { line } from '../scenes/samples.ts'
import { seqsOf, watchBoot } from '../support/watch-boot.ts'
import { withSite } from '../support/with-site.ts'

const AWAY_MS = 120_000
const LINE_EVERY_MS = 250
const TEST_MS = 300_000

const site = withSite()
const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('two minutes without a network in the middle of a boot', () => {
  it(
    'turn the light, and leave no line out when it is back',
    () =>
      site.stage('two minutes offline', async (stage) => {
        const { page, mock } = stage
        const id = await watchBoot(stage)
        await mock.feed(id, [line('before')])
        await page.getByText('before').waitFor()
        await stage.goOffline()
        await page.locator('[data-light="red"]').waitFor()

        const endsAt = performance.now() + AWAY_MS
        let missed = 0
        while (performance.now() < endsAt) {
          await mock.feed(id, [line(`missed ${missed}`)])
          missed += 1
          await rest(LINE_EVERY_MS)
        }
        expect(await page.getByText('missed 0').count()).toBe(0)
        await stage.context.setOffline(false)
        await page.locator('[data-light="green"]').waitFor()
        await page.getByText(`missed ${missed - 1}`, { exact: true }).waitFor()
        const log = page.getByRole('log', { name: 'Boot log' })
        const drawn = await seqsOf(stage)
        const last = drawn.at(-1) ?? 0
        expect(last).toBe(missed + 1)
        expect(drawn).toEqual(drawn.map((_, index) => last - drawn.length + 1 + index))
        expect(await log.locator('[data-gap]').count()).toBe(0)
        process.stderr.write(`measured: ${missed} lines missed in two minutes, all shown after\n`)
      }),
    TEST_MS,
  )
})
