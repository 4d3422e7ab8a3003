import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { CONFIG_NAMES, readConfig } from './config.ts'

describe('the configuration of the gateway', () => {
  it('is documented by its example, name for name', () => {
    const example = readFileSync(new URL('../gateway.env.example', import.meta.url), 'utf8')
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1])
    expect(names.sort()).toEqual([...CONFIG_NAMES].sort())
  })

  it('reports every fault at once', () => {
    const read = () => readConfig({ GATEWAY_PORT: '99999', LOG_LEVEL: 'loud' })
    expect(read).toThrow(/GATEWAY_PORT.*GATEWAY_ROUTES_DIR.*LOG_LEVEL/)
  })
})
