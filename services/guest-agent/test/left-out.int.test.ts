import { mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { fromText } from '../src/workspace/byte-path.ts'
import { measureLeftOut } from '../src/workspace/measure-left-out.ts'
import { previewSave } from '../src/workspace/preview.ts'
import { makeRoot } from './helpers/guest.ts'

const KILO = 1_000

describe('what a save leaves out', () => {
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
  const measure = (paths: readonly string[], isTimeUp = () => false) =>
    measureLeftOut({
      ...{ root, paths: paths.map(fromText), isTimeUp },
      signal: new AbortController().signal,
    })
  const preview = (measureMs?: number) =>
    previewSave({
      ...{ workspaceDir: root, ignore: ['*.log'], signal: new AbortController().signal },
      ...(measureMs === undefined ? {} : { measureMs }),
    })

  it('is measured to the last file, whatever its name', async () => {
    for (const name of ['a/1', 'a/deep/er/2', 'a/日本語/3', 'a.log', 'kept']) write(name)
    mkdirSync(at('empty'))
    expect(await measure(['a', 'a.log', 'empty'])).toEqual({ bytes: 4 * KILO, isMore: false })
  })

  it('is as large as its links say, not as what they lead to', async () => {
    write('outside/large', 50 * KILO)
    mkdirSync(at('left'))
    symlinkSync('../outside', at('left/folder'))
    symlinkSync('../outside/large', at('left/file'))
    symlinkSync('.', at('left/round'))
    const targets = '../outside../outside/large.'
    expect(await measure(['left'])).toEqual({ bytes: targets.length, isMore: false })
    symlinkSync('outside', at('link'))
    expect(await measure(['link'])).toEqual({ bytes: 'outside'.length, isMore: false })
  })

  it('is nothing where it went meanwhile', async () => {
    write('stays')
    expect(await measure(['gone', 'stays', 'gone/too'])).toEqual({ bytes: KILO, isMore: false })
  })

  it('is said to be more when time is up before the end', async () => {
    for (let n = 0; n < 10; n += 1) write(`left/${n}`)
    let asked = 0
    // One question is for the folder.
    const isTimeUp = () => ++asked > 1 + 4
    expect(await measure(['left'], isTimeUp)).toEqual({ bytes: 4 * KILO, isMore: true })
  })

  it('is not said to be more when time is up at the end', async () => {
    write('left')
    let asked = 0
    expect(await measure(['left'], () => ++asked > 1)).toEqual({ bytes: KILO, isMore: false })
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
    const gone = AbortSignal.abort(new Error('gone'))
    const input = { root, paths: [fromText('left')], isTimeUp: () => false, signal: gone }
    await expect(measureLeftOut(input)).rejects.toThrow('gone')
  })

  it('keeps a preview waiting no longer than it may', async () => {
    for (const name of ['kept', 'a.log', 'node_modules/x/i.js']) write(name)
    const known = { files: 1, unpackedBytes: KILO, leftOutCount: 2 }
    const size = { bytes: 2 * KILO, isMore: false }
    expect(await preview()).toMatchObject({ ...known, leftOutSize: size })
    expect(await preview(0)).toMatchObject({ ...known, leftOutSize: { bytes: 0, isMore: true } })
  })
})
