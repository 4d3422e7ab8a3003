import { describe, expect, it } from '@jest/globals'
import { sampleProject, sampleSession } from '../../test/sample-views.ts'
import { discardWords, lastSaveOf, saveWords } from './save-words.ts'

const NOW = Date.parse('2026-11-20T12:10:00.000Z')
const session = (lastSavedAt: string | null) => sampleSession({ lastSavedAt })
const head = (savedAt: string) => sampleProject({ head: { savedAt, bytes: 1, entries: 1 } })

describe('the save state', () => {
  it('is the newest save of this session, wherever it was heard of', () => {
    const project = head('2026-11-20T12:05:00.000Z')
    expect(lastSaveOf(project, session('2026-11-20T12:09:20.000Z'))).toBe(
      '2026-11-20T12:09:20.000Z',
    )
    expect(lastSaveOf(project, session(null))).toBe('2026-11-20T12:05:00.000Z')
  })

  it('does not take the save of an earlier session for one of this', () => {
    expect(lastSaveOf(head('2026-11-20T11:00:00.000Z'), session(null))).toBeNull()
  })

  it('is said in words', () => {
    expect(saveWords('2026-11-20T12:09:20.000Z', NOW)).toBe('saved 40 s ago')
    expect(saveWords(null, NOW)).toBe('not saved yet')
  })

  it('says what discarding loses', () => {
    expect(discardWords('2026-11-20T12:07:00.000Z', NOW)).toContain('last save, 3 min ago')
    expect(discardWords(null, NOW)).toContain('since you opened')
  })
})
