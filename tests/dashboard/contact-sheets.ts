import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { launchChromium } from '../e2e/support/chromium.ts'
import { SCENES } from './scenes/all.ts'
import type { Scene } from './scenes/scene.ts'
import { findings } from './support/findings.ts'
import { type Site, startSite } from './support/site.ts'
import { LOOKS, openStage } from './support/stage.ts'

/**
 * Takes a picture of every page in every state, size and scheme, has axe judge each, and makes one
 * sheet of each page:
 * `node --conditions=development tests/dashboard/contact-sheets.ts [--page boot] [--out folder]`.
 * With `--out` the pictures are kept in full beside the sheets, for looking at closely.
 */
const SHEETS = fileURLToPath(new URL('../../docs/images/contact/', import.meta.url))
const { values } = parseArgs({
  options: { page: { type: 'string' }, state: { type: 'string' }, out: { type: 'string' } },
})

/** Large enough to judge a layout by; small enough for a repository. */
const SCALE = 1.4

interface Picture {
  readonly state: string
  readonly look: string
  readonly data: string
}

async function photograph(browser: Browser, site: Site, scene: Scene): Promise<Picture[]> {
  const stage = await openStage(browser, site, scene.name ? { name: scene.name } : {})
  const pictures: Picture[] = []
  try {
    await scene.show(stage)
    for (const look of LOOKS) {
      await stage.put(look)
      await scene.again?.(stage)
      for (const finding of await findings(stage, look)) {
        process.exitCode = 1
        process.stdout.write(`${scene.page}, ${scene.state}: ${finding}\n`)
      }
      const image = await stage.page.screenshot(values.out ? {} : { type: 'jpeg', quality: 82 })
      const name = `${look.width} ${look.scheme}`
      pictures.push({ state: scene.state, look: name, data: image.toString('base64') })
      if (!values.out) continue
      const file = `${scene.page}-${scene.state}-${name}.png`.replaceAll(/[ ,]+/g, '-')
      await writeFile(join(values.out, file), image)
    }
  } catch (error) {
    // One state that cannot be reached must not keep the others from being looked at.
    process.exitCode = 1
    process.stdout.write(`${scene.page}, ${scene.state}: ${String(error).split('\n')[0]}\n`)
    if (values.out) await stage.page.screenshot({ path: join(values.out, 'unreached.png') })
  } finally {
    await stage.close()
  }
  return pictures
}

function sheetHtml(title: string, pictures: readonly Picture[]): string {
  const states = [...new Set(pictures.map(({ state }) => state))]
  const rows = states.map((state) => {
    const own = pictures.filter((picture) => picture.state === state)
    const cells = own.map(
      ({ look, data }) =>
        `<figure class="w${look.split(' ')[0]}"><img src="data:;base64,${data}"></figure>`,
    )
    return `<section><h2>${state}</h2><div>${cells.join('')}</div></section>`
  })
  return `<!doctype html><meta charset="utf-8"><style>
    body{margin:0;padding:20px;width:1380px;background:#8b8f98;font:600 15px system-ui;color:#111}
    h1{margin:0 0 8px;font-size:22px} h2{margin:14px 0 5px;font-size:14px}
    div{display:flex;gap:8px;align-items:flex-start} figure{margin:0;line-height:0}
    .w1440 img{width:304px} .w1024 img{width:252px} .w390 img{width:88px}
  </style><h1>${title}</h1>${rows.join('')}`
}

async function saveSheet(browser: Browser, title: string, pictures: readonly Picture[]) {
  const page = await browser.newPage({
    viewport: { width: 1420, height: 400 },
    deviceScaleFactor: SCALE,
  })
  await page.setContent(sheetHtml(title, pictures))
  const small = { type: 'jpeg', quality: 58, path: join(SHEETS, `${title}.jpg`) } as const
  const sharp = { path: join(values.out ?? '', `${title}.png`) }
  await page.screenshot({ ...(values.out ? sharp : small), fullPage: true })
  await page.close()
}

await mkdir(values.out ?? SHEETS, { recursive: true })
const site = await startSite()
const browser = await launchChromium()
try {
  const titles = [...new Set(SCENES.map(({ page }) => page))]
  for (const title of titles.filter((name) => !values.page || name === values.page)) {
    const scenes = SCENES.filter((scene) => scene.page === title)
    const wanted = scenes.filter(({ state }) => !values.state || state === values.state)
    const pictures: Picture[] = []
    for (const scene of wanted) pictures.push(...(await photograph(browser, site, scene)))
    await saveSheet(browser, title, pictures)
    process.stdout.write(`${title}: ${wanted.length} states\n`)
  }
} finally {
  await browser.close()
  await site.close()
}
