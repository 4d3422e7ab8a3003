import { describe, expect, it } from '@jest/globals'
import { sampleProject, sampleSession } from '../../test/sample-views.ts'
import { findCommands, listCommands } from './commands.ts'

const running = sampleProject({ name: 'API server', session: sampleSession({ state: 'ready' }) })
const resting = sampleProject({
  id: '3c1b7a52-8f0e-4d0e-b7a1-5a3f1c9e2b45' as never,
  name: 'Landing page',
})
const labels = (search: string, isAdmin = false) =>
  findCommands(listCommands([running, resting], isAdmin), search).map(({ label }) => label)

describe('the command palette', () => {
  it('offers the projects before anything is typed', () => {
    expect(labels('')).toEqual(expect.arrayContaining(['Open API server', 'Open Landing page']))
  })

  it('offers to save and exit only what runs', () => {
    expect(labels('save exit')).toEqual(['Save & exit API server'])
  })

  it('finds by every word in any order, best first', () => {
    expect(labels('page open')[0]).toBe('Open Landing page')
    expect(labels('zebra')).toEqual([])
  })

  it('finds an action by other words for it', () => {
    expect(labels('create')).toEqual(['New project'])
  })

  it('shows the admin pages to admins alone', () => {
    expect(labels('admin')).toEqual([])
    expect(labels('admin', true)).toEqual(['Admin'])
  })

  it('gives every command an id of its own', () => {
    const ids = listCommands([running, resting], true).map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
  })
})
