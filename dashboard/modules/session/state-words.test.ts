import { describe, expect, it } from '@jest/globals'
import { END_REASONS, type EndReason } from '@vessel/proto/reasons'
import { isEnded, SESSION_STATES } from '@vessel/proto/session-state'
import { sampleSession } from '../../test/sample-views.ts'
import { actionsFor, badgeFor, endWords } from './state-words.ts'

describe('the badge of a session', () => {
  it.each(SESSION_STATES)('%s has words', (state) => {
    expect(badgeFor(sampleSession({ state })).label).not.toBe('')
  })

  it('says the place in the queue', () => {
    const session = sampleSession({ state: 'placing', queuePosition: 3 })
    expect(badgeFor(session).label).toBe('Queued, no. 3')
    expect(badgeFor({ ...session, waitsFor: 'host' }).label).toBe('Waits for a host')
  })

  it('never says saved when nothing was', () => {
    const ended = (endReason: EndReason) => badgeFor(sampleSession({ state: 'stopped', endReason }))
    expect(ended('user_exit').label).toBe('Saved')
    expect(ended('idle').label).toBe('Saved')
    expect(ended('user_discard').label).toBe('Discarded')
    expect(ended('cancelled').label).toBe('Cancelled')
  })

  it('of a project nobody opened is new', () => {
    expect(badgeFor(null).label).toBe('New')
  })
})

describe('what can be done', () => {
  it.each(SESSION_STATES)('in %s is openable unless the files are on their way home', (state) => {
    expect(actionsFor(sampleSession({ state })).isOpenable).toBe(state !== 'saving')
  })

  it.each(SESSION_STATES)('in %s saves or cancels, never both', (state) => {
    const { canSaveAndExit, canCancelStart } = actionsFor(sampleSession({ state }))
    expect(canSaveAndExit && canCancelStart).toBe(false)
    expect(canSaveAndExit).toBe(state === 'ready')
  })

  it.each(SESSION_STATES)('in %s may be deleted only at rest', (state) => {
    expect(actionsFor(sampleSession({ state })).isAtRest).toBe(isEnded(state))
  })
})

describe('the end of a session', () => {
  it.each(Object.keys(END_REASONS) as EndReason[])('because of %s is explained', (endReason) => {
    const words = endWords(sampleSession({ state: 'stopped', endReason }))
    expect(words.reason).toBe(END_REASONS[endReason])
  })

  it('promises saved files only when they are', () => {
    const readyAt = '2026-11-20T12:00:01.000Z'
    const files = (change: Parameters<typeof sampleSession>[0]) =>
      endWords(sampleSession({ readyAt, ...change })).files
    expect(files({ state: 'stopped', endReason: 'idle' })).toContain('are saved')
    expect(files({ state: 'stopped', endReason: 'user_discard' })).not.toContain('saved')
    expect(files({ state: 'lost', endReason: 'host_lost' })).not.toContain('are saved')
    expect(files({ state: 'failed', readyAt: null })).toBe('Your files are as they were.')
  })
})
