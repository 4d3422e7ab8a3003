import { closeSync, mkdirSync, openSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { createIgnoreRules } from '../src/workspace/ignore-rules.ts'
import { walkTree } from '../src/workspace/walk-tree.ts'
import { makeRoot } from './helpers/guest.ts'

/** Real files on a machine that others use, too. */
jest.setTimeout(120_000)

describe('the list of what a save contains', () => {
  let root: string
  beforeEach(async () => {
    root = await makeRoot()
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  it('names every file of a folder that has more than a call may have arguments', async () => {
    const count = 150_000
    mkdirSync(join(root, 'many'))
    for (let index = 0; index < count; index += 1) {
      closeSync(openSync(join(root, 'many', String(index)), 'w'))
    }
    const { entries } = await walkTree({
      ...{ root, rules: createIgnoreRules([]), warn: () => undefined },
      signal: new AbortController().signal,
    })
    expect(entries).toHaveLength(1 + count)
  })
})
