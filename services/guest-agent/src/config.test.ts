import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { guestConfig } from '@vessel/proto/guest/api'
import { AGENT_VERSION } from './version.ts'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))

describe('what stands beside the code', () => {
  it('shows a configuration that is complete and valid', () => {
    const example = read('guest-agent.config.example.json')
    expect(guestConfig.parse(example)).toEqual(example)
    expect(Object.keys(example).sort()).toEqual(Object.keys(guestConfig.shape).sort())
  })

  it('names the same version as the package', () => {
    expect(read('package.json').version).toBe(AGENT_VERSION)
  })
})
