import { describe, expect, it } from '@jest/globals'
import { addPastBoot, readPastBoots } from './boot-history.ts'

function memory() {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  }
}

describe('earlier boots', () => {
  it('are kept by project, newest first, and only the last five', () => {
    const storage = memory()
    for (let ms = 1; ms <= 7; ms += 1) addPastBoot(storage, 'a', { boot: ms })
    expect(readPastBoots(storage, 'a').map(({ boot }) => boot)).toEqual([7, 6, 5, 4, 3])
    expect(readPastBoots(storage, 'b')).toEqual([])
  })

  it.each(['{', '[1]', '[{"boot":"x"}]', '{"boot":1}'])('unreadable as %s are none', (text) => {
    expect(readPastBoots({ getItem: () => text }, 'a')).toEqual([])
  })

  it('are not missed where nothing can be stored', () => {
    const full = {
      getItem: () => null,
      setItem: () => {
        throw new Error('quota')
      },
    }
    expect(() => addPastBoot(full, 'a', { boot: 1 })).not.toThrow()
  })
})
