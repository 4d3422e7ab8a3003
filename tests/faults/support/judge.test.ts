import { describe, expect, it } from '@jest/globals'
import type { Deed, Told } from './history.ts'
import { judge } from './judge.ts'
import type { KeptArchive } from './store.ts'

const project = 'p1'
const opened = (session: string, ...lines: number[]): Deed => ({
  what: 'opened',
  project,
  session,
  lines,
})
const edited = (session: string, line: number): Deed => ({ what: 'edited', project, session, line })
const saved = (session: string): Deed => ({
  what: 'ended',
  project,
  session,
  state: 'stopped',
  reason: 'user_exit',
  code: null,
})
const failed: Deed = {
  what: 'ended',
  project,
  session: 'a',
  state: 'failed',
  reason: 'start_failed',
  code: null,
}
const archive = (status: string, ...lines: number[]): KeptArchive => ({
  status,
  path: `${status}.zip`,
  isWhole: true,
  lines,
})

function verdict(deeds: Deed[], kept: KeptArchive[]): string[] {
  const told: Told[] = deeds.map((deed, atMs) => ({ ...deed, atMs }))
  return Object.values(judge({ told, archives: new Map([[project, kept]]) })).flat()
}

type Finding = [Deed[], KeptArchive[], RegExp]

describe('the judge of a storm', () => {
  it('has nothing to say of a life in order', () => {
    const deeds = [
      opened('a'),
      edited('a', 1),
      saved('a'),
      opened('b', 1),
      edited('b', 2),
      saved('b'),
    ]
    expect(verdict(deeds, [archive('head', 1, 2), archive('earlier', 1)])).toEqual([])
  })

  it('accepts in a recovery version what came too late for the head', () => {
    const deeds = [opened('a'), edited('a', 1), saved('a'), opened('b'), edited('b', 2), saved('b')]
    expect(verdict(deeds, [archive('head', 2), archive('recovery', 1)])).toEqual([])
  })

  it.each<[string, Finding]>([
    ['a line saved and nowhere', [[edited('a', 1), saved('a')], [archive('head')], /^lost: 1/]],
    ['an archive that is cut', [[], [{ ...archive('head'), isWhole: false }], /^not whole/]],
    ['a file that came back doubled', [[opened('a', 1, 1)], [], /^opened mixed up/]],
    [
      'a workspace opened without what was saved before',
      [[edited('a', 1), saved('a'), opened('b')], [archive('head', 1)], /^opened without 1/],
    ],
    ['a failure without a reason', [[failed], [], /^ended without/]],
  ])('finds %s', (_name, [deeds, kept, words]) => {
    expect(verdict(deeds, kept)).toEqual([expect.stringMatching(words)])
  })
})
