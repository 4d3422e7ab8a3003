import { describe, expect, it, jest } from '@jest/globals'
import { sampleProject, sampleSession } from '../../test/sample-views.ts'
import { createProjectStore } from './project-store.ts'

const OTHER = '3c1b7a52-8f0e-4d0e-b7a1-5a3f1c9e2b45' as never

function loaded(...projects: ReturnType<typeof sampleProject>[]) {
  const store = createProjectStore()
  store.endLoad(store.beginLoad(), projects)
  return store
}
const names = (store: ReturnType<typeof createProjectStore>) =>
  store.state().items?.map((project) => project.name)

describe('the store of projects', () => {
  it('knows no list before one was loaded', () => {
    const store = createProjectStore()
    store.put(sampleProject())
    expect(store.state().items).toBeNull()
    expect(store.find(sampleProject().id)?.name).toBe('API server')
  })

  it('never replaces a newer view by an older one', () => {
    const store = loaded(sampleProject({ revision: 8, name: 'new' }))
    store.put(sampleProject({ revision: 7, name: 'old' }))
    expect(names(store)).toEqual(['new'])
  })

  it('keeps the newer session of two views', () => {
    const store = loaded(sampleProject({ revision: 8, session: sampleSession({ revision: 4 }) }))
    const saving = sampleSession({ revision: 9, state: 'saving' })
    store.putSession(saving)
    store.put(sampleProject({ revision: 9, session: sampleSession({ revision: 5 }) }))
    expect(store.find(sampleProject().id)?.session?.state).toBe('saving')
  })

  it('takes a new run for newer than the last one whatever their revisions', () => {
    const store = loaded(sampleProject({ session: sampleSession({ revision: 40 }) }))
    const next = sampleSession({
      id: OTHER,
      revision: 1,
      state: 'requested',
      createdAt: '2026-11-20T13:00:00.000Z',
    })
    store.putSession(next)
    expect(store.find(sampleProject().id)?.session?.id).toBe(OTHER)
  })

  it('keeps what was created while a list was on its way', () => {
    const store = createProjectStore()
    const mark = store.beginLoad()
    store.put(sampleProject({ id: OTHER, name: 'made meanwhile' }))
    store.endLoad(mark, [sampleProject()])
    expect(names(store)?.sort()).toEqual(['API server', 'made meanwhile'])
  })

  it('keeps away what was deleted while a list was on its way', () => {
    const store = loaded(sampleProject())
    const mark = store.beginLoad()
    store.remove(sampleProject().id)
    store.endLoad(mark, [sampleProject()])
    expect(names(store)).toEqual([])
  })

  it('forgets what a later list does not have', () => {
    const store = loaded(sampleProject(), sampleProject({ id: OTHER }))
    store.endLoad(store.beginLoad(), [sampleProject()])
    expect(names(store)).toEqual(['API server'])
  })

  it('hears of changes, removals and sessions by the live connection', () => {
    const store = loaded(sampleProject(), sampleProject({ id: OTHER, session: null }))
    store.applyItems([
      { kind: 'project', project: sampleProject({ revision: 6, name: 'renamed' }) },
      { kind: 'project-removed', projectId: OTHER },
    ])
    expect(names(store)).toEqual(['renamed'])
  })

  it('tells its listeners once a batch and not when nothing changed', () => {
    const store = loaded(sampleProject())
    const listener = jest.fn()
    store.onChange(listener)
    store.applyItems([{ kind: 'project', project: sampleProject({ revision: 6 }) }])
    store.applyItems([{ kind: 'project', project: sampleProject({ revision: 2 }) }])
    expect(listener).toHaveBeenCalledTimes(1)
  })

  it('keeps what it has when a load fails, and says so', () => {
    const store = loaded(sampleProject())
    store.failLoad(new Error('down'))
    expect(names(store)).toEqual(['API server'])
    expect(store.state().error).toBeInstanceOf(Error)
  })
})
