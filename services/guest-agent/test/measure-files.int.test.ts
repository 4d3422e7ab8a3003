import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fromText } from '../src/workspace/byte-path.ts'
import { createIgnoreRules } from '../src/workspace/ignore-rules.ts'
import { type MeasureInput, measureFiles } from '../src/workspace/measure-files.ts'
import { previewSave } from '../src/workspace/preview.ts'
import { makeRoot } from './helpers/guest.ts'

const KILO = 1_000

describe('what a preview measures', () => {
  let root: string
  beforeEach(async () => {
    root = await makeRoot()
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const at = (name: string) => join(root, name)
  const write = (name: string, bytes = KILO) => {
    mkdirSync(join(at(name), '..'), { recursive: true })
    writeFileSync(at(name), Buffer.alloc(bytes))
  }
  const measure = (paths: readonly string[], how: Partial<MeasureInput> = {}) =>
    measureFiles({
      ...{ root, paths: paths.map(fromText), isTimeUp: () => false },
      signal: new AbortController().signal,
      ...how,
    })
  const preview = (measureMs?: number) =>
    previewSave({
      ...{ workspaceDir: root, ignore: ['*.log'], signal: new AbortController().signal },
      ...(measureMs === undefined ? {} : { measureMs }),
    })

  it('is measured to the last file, whatever its name', async () => {
    for (const name of ['a/1', 'a/deep/er/2', 'a/日本語/3', 'a.log', 'kept']) write(name)
    mkdirSync(at('empty'))
    const all = { files: 4, bytes: 4 * KILO, isMore: false }
    expect(await measure(['a', 'a.log', 'empty'])).toEqual(all)
  })

  it('is as large as its links say, not as what they lead to', async () => {
    write('outside/large', 50 * KILO)
    mkdirSync(at('left'))
    symlinkSync('../outside', at('left/folder'))
    symlinkSync('../outside/large', at('left/file'))
    symlinkSync('.', at('left/round'))
    const targets = '../outside../outside/large.'
    expect(await measure(['left'])).toEqual({ files: 3, bytes: targets.length, isMore: false })
    symlinkSync('outside', at('link'))
    expect(await measure(['link'])).toMatchObject({ files: 1, bytes: 'outside'.length })
  })

  it('is nothing where it went meanwhile', async () => {
    write('stays')
    expect(await measure(['gone', 'stays', 'gone/too'])).toMatchObject({ files: 1, bytes: KILO })
  })

  it('is not what rules leave out, nor what lies in a folder they leave out', async () => {
    for (const name of ['src/a', 'src/a.log', 'src/dist/b', 'dist/c.log']) write(name)
    const rules = createIgnoreRules(['dist/', '*.log'])
    expect(await measure(['src', 'dist'], { rules })).toMatchObject({ files: 1, bytes: KILO })
  })

  it('is said to be more when time is up before the end', async () => {
    for (let n = 0; n < 10; n += 1) write(`left/${n}`)
    let asked = 0
    // One question is for the folder.
    const isTimeUp = () => ++asked > 1 + 4
    const some = { files: 4, bytes: 4 * KILO, isMore: true }
    expect(await measure(['left'], { isTimeUp })).toEqual(some)
  })

  it('is not said to be more when time is up at the end', async () => {
    write('left')
    let asked = 0
    const all = { files: 1, bytes: KILO, isMore: false }
    expect(await measure(['left'], { isTimeUp: () => ++asked > 1 })).toEqual(all)
  })

  it('stays a number where files with holes claim more than there is', async () => {
    const claimed = 2 ** 43
    const paths = Array.from({ length: 2_000 }, (_, n) => `left/${n}`)
    for (const path of paths) {
      write(path, 0)
      truncateSync(at(path), claimed)
    }
    const { bytes } = await measure(['left'])
    expect(Number.isSafeInteger(bytes)).toBe(true)
  })

  it('is measured no longer once nobody waits for it', async () => {
    write('left')
    const signal = AbortSignal.abort(new Error('gone'))
    await expect(measure(['left'], { signal })).rejects.toThrow('gone')
  })

  it('keeps nobody waiting longer than it may, and says that there is more', async () => {
    for (const name of ['kept', 'a.log', 'node_modules/x/i.js']) write(name)
    const all = { files: 1, unpackedBytes: KILO, isMore: false, leftOutCount: 2 }
    const size = { bytes: 2 * KILO, isMore: false }
    expect(await preview()).toMatchObject({ ...all, leftOutSize: size })
    const none = { files: 0, unpackedBytes: 0, isMore: true, leftOutCount: 0 }
    expect(await preview(0)).toMatchObject({ ...none, leftOutSize: { bytes: 0, isMore: true } })
  })

  it('is refused where there is no workspace, instead of called empty', async () => {
    rmSync(root, { recursive: true })
    await expect(preview()).rejects.toMatchObject({ code: 'PACK_FAILED' })
  })
})
