import { describe, expect, it } from '@jest/globals'
import type { Scene } from '../scenes/scene.ts'
import { findings } from './findings.ts'
import { LOOKS, type Look, type Stage } from './stage.ts'
import { withSite } from './with-site.ts'

const SCENE_MS = 60_000

/**
 * Each size once, the schemes taking turns from scene to scene: in so many scenes every part of a
 * page meets every look. The contact sheets judge each scene in each of them.
 */
const looksFor = (index: number): readonly Look[] =>
  LOOKS.filter((_, at) => (Math.floor(at / 2) + at + index) % 2 === 0)

async function judge(stage: Stage, { scene, index }: { scene: Scene; index: number }) {
  const found: string[] = []
  await scene.show(stage)
  for (const look of looksFor(index)) {
    await stage.put(look)
    await scene.again?.(stage)
    found.push(...(await findings(stage, look)))
  }
  found.push(...stage.strayRequests.map((url) => `a request went out to ${url}`))
  expect(found).toEqual([])
}

/** One test for each state of each of these pages. */
export function describePages(scenes: readonly Scene[]): void {
  const site = withSite()
  const numbered = scenes.map((scene, index) => ({ ...scene, scene, index }))
  describe.each([...new Set(scenes.map(({ page }) => page))])('the %s page', (name) => {
    it.each(numbered.filter(({ page }) => page === name))(
      'is accessible and fits the screen, light and dark: $state',
      ({ scene, index }) =>
        site.stage(
          `${scene.page} ${scene.state}`,
          (stage) => judge(stage, { scene, index }),
          scene.name ? { name: scene.name } : {},
        ),
      SCENE_MS,
    )
  })
}
