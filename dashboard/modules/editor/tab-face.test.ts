import { describe, expect, it } from '@jest/globals'
import type { SessionState } from '@vessel/proto/session-state'
import { sampleSession } from '../../test/sample-views.ts'
import { tabFace } from './tab-face.ts'

const faceOf = (state: SessionState) => tabFace({ name: 'Shop', session: sampleSession({ state }) })

describe('the tab of a project', () => {
  it('has its name, and a dot while it runs', () => {
    expect(tabFace({ name: 'Shop', session: null })).toEqual({ title: 'Shop · Vessel', tone: null })
    expect(faceOf('ready')).toEqual({ title: 'Shop · Vessel', tone: 'good' })
    expect(faceOf('stopped')).toEqual({ title: 'Shop · Vessel', tone: null })
  })

  it('says first what it is doing or what went wrong', () => {
    expect(faceOf('starting')).toEqual({ title: 'Starting · Shop · Vessel', tone: 'busy' })
    expect(faceOf('saving')).toEqual({ title: 'Saving · Shop · Vessel', tone: 'move' })
    expect(faceOf('failed')).toEqual({ title: 'Failed · Shop · Vessel', tone: 'bad' })
  })
})
