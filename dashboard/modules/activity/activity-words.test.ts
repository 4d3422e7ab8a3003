import { describe, expect, it } from '@jest/globals'
import type { ActivityView } from '@vessel/proto/http/activity'
import { activityDetail, activityTitle, isTold } from './activity-words.ts'

const entry = (action: string, details: ActivityView['details'] = {}): ActivityView => ({
  id: 1,
  at: '2026-11-20T12:00:00.000Z' as never,
  action,
  projectId: null,
  sessionId: null,
  details,
})

describe('the activity of a project', () => {
  it('is told in words', () => {
    expect(activityTitle(entry('session.requested'))).toBe('Opened')
  })

  it('shows what a newer server did by its own name', () => {
    expect(activityTitle(entry('project.moved_house'))).toBe('moved house')
  })

  it('says why a session ended', () => {
    expect(activityDetail(entry('session.stopped', { reason: 'idle' }))).toMatch(/Nothing happened/)
    expect(activityDetail(entry('session.stopped', { reason: 'unheard of' }))).toBeNull()
  })

  it('names a project only where its name is new', () => {
    expect(activityDetail(entry('project.renamed', { name: 'Shop' }))).toBe('to “Shop”')
    expect(activityDetail(entry('project.saved', { name: 'Shop' }))).toBeNull()
  })

  it('leaves out the steps on the way', () => {
    expect(isTold(entry('session.placing'))).toBe(false)
    expect(isTold(entry('session.ready'))).toBe(true)
  })
})
