import { describe, expect, it } from '@jest/globals'
import { NO_GIT } from './git-fields.tsx'
import { bodyOf, isComplete, nameOfRepository, type ProjectWish } from './project-wish.ts'

const wish = (more: Partial<ProjectWish>): ProjectWish => ({
  ...{ name: 'a', source: 'node', file: null, git: NO_GIT },
  ...more,
})

describe('a wish for a project', () => {
  it.each([
    ['https://example.com/me/tool.git', 'tool'],
    ['https://example.com/me/my%20tool/', 'my tool'],
    ['https://example.com', ''],
    ['not an address', ''],
  ])('is named after its repository: %s', (url, name) => {
    expect(nameOfRepository(url)).toBe(name)
  })

  it('is complete with a name and whatever its source needs', () => {
    expect(isComplete(wish({}))).toBe(true)
    expect(isComplete(wish({ name: ' ' }))).toBe(false)
    expect(isComplete(wish({ source: 'import' }))).toBe(false)
    expect(isComplete(wish({ source: 'git' }))).toBe(false)
    const git = { ...NO_GIT, url: 'https://example.com/a.git' }
    expect(isComplete(wish({ source: 'git', git }))).toBe(true)
  })

  it('asks for a clone with what was filled in, and nothing for what was not', () => {
    const git = { url: ' https://example.com/a.git ', ref: '', token: 't' }
    expect(bodyOf(wish({ source: 'git', git }))).toMatchObject({
      git: { url: 'https://example.com/a.git', ref: null, token: 't' },
    })
    expect(bodyOf(wish({ source: 'python' }))).toEqual({ name: 'a', template: 'python' })
  })
})
