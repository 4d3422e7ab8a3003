import { describe, expect, it } from '@jest/globals'
import { sampleProject, sampleSession } from '../../test/sample-views.ts'
import { searchProjects } from './search-projects.ts'

const PROJECTS = [
  sampleProject({ name: 'Shop front', template: 'react' }),
  sampleProject({ name: 'Shop worker', session: sampleSession({ state: 'ready' }) }),
]
const found = (search: string) => searchProjects(PROJECTS, search).map(({ name }) => name)

describe('searching projects', () => {
  it('shows all of them for nothing', () => {
    expect(found('  ')).toEqual(['Shop front', 'Shop worker'])
  })

  it('finds by name, template and state in any order of words', () => {
    expect(found('WORK')).toEqual(['Shop worker'])
    expect(found('react shop')).toEqual(['Shop front'])
    expect(found('running')).toEqual(['Shop worker'])
    expect(found('python')).toEqual([])
  })
})
