import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { CONFIG_NAMES, ConfigInvalid, readConfig } from './config.ts'

const example = readFileSync(new URL('../local-supabase.env.example', import.meta.url), 'utf8')
const pairs = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value])
const required = { SUPABASE_DATA_DIR: '/d', SUPABASE_MIGRATIONS_DIR: '/m' }

describe('the configuration', () => {
  it('is what the example documents, names and defaults alike', () => {
    expect(pairs.map(([name]) => name).sort()).toEqual([...CONFIG_NAMES].sort())
    const fromExample = readConfig(Object.fromEntries(pairs) as Record<string, string>)
    const { SUPABASE_DATA_DIR: _data, SUPABASE_MIGRATIONS_DIR: _migrations, ...rest } = fromExample
    expect(readConfig(required)).toMatchObject(rest)
  })

  it('reports every problem at once', () => {
    const bad = { SUPABASE_PORT: '70000', SUPABASE_JWT_JWK: '{', VESSEL_FAULTS: 'yes' }
    let message = ''
    try {
      readConfig(bad)
    } catch (error) {
      if (!(error instanceof ConfigInvalid)) throw error
      message = error.message
    }
    for (const name of [...Object.keys(bad), ...Object.keys(required)]) {
      expect(message).toContain(name)
    }
  })

  it('reads lists, numbers and flags', () => {
    const config = readConfig({
      ...required,
      SUPABASE_ALLOWED_ORIGINS: 'http://a.test, http://b.test',
      VESSEL_FAULTS: '1',
    })
    expect(config.SUPABASE_ALLOWED_ORIGINS).toEqual(['http://a.test', 'http://b.test'])
    expect([config.VESSEL_FAULTS, config.SUPABASE_PORT]).toEqual([true, 54_321])
  })
})
