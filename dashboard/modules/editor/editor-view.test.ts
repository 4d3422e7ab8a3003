import { describe, expect, it } from '@jest/globals'
import { isEnded, SESSION_STATES } from '@vessel/proto/session-state'
import { sampleSession } from '../../test/sample-views.ts'
import { editorView } from './editor-view.ts'

describe('what the address of the editor shows', () => {
  it('starts nothing by being looked at', () => {
    expect(editorView(null, false)).toBe('closed')
    expect(editorView(sampleSession({ state: 'stopped' }), false)).toBe('gone')
  })

  it.each(['requested', 'placing', 'starting'] as const)('is the boot screen in %s', (state) => {
    expect(editorView(sampleSession({ state }), false)).toBe('boot')
  })

  it('is the editor, then the save, then what came of it', () => {
    const readyAt = '2026-11-20T12:00:01.000Z'
    const view = (state: 'ready' | 'saving' | 'failed' | 'lost') =>
      editorView(sampleSession({ state, readyAt }), false)
    expect(view('ready')).toBe('ide')
    expect(view('saving')).toBe('saving')
    expect(view('failed')).toBe('gone')
    expect(view('lost')).toBe('gone')
  })

  it('tells of a start that failed where the start was watched', () => {
    expect(editorView(sampleSession({ state: 'failed', readyAt: null }), false)).toBe('boot')
  })

  it.each(SESSION_STATES)('shows the new start and not the end before it: %s', (state) => {
    const view = editorView(sampleSession({ state }), true)
    expect(view === 'asking').toBe(isEnded(state))
  })
})
