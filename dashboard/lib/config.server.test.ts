import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { ConfigError, readConfig, VARIABLES } from './config.server.ts'

const EXAMPLE = readFileSync(new URL('../dashboard.env.example', import.meta.url), 'utf8')
/** Read by Next itself. */
const OF_NEXT = ['PORT', 'HOSTNAME']

const ENV = {
  API_URL: 'https://api.vessel.test/',
  SUPABASE_URL: 'https://auth.vessel.test/',
  SUPABASE_ANON_KEY: 'anon',
  WORKSPACE_BASE_URL: 'https://run.vessel.test:8443',
}

describe('the configuration', () => {
  it('is documented variable by variable', () => {
    const documented = [...EXAMPLE.matchAll(/^(?:# )?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name)
    expect(documented.sort()).toEqual([...VARIABLES, ...OF_NEXT].sort())
  })

  it('derives the live address and the pattern of workspace hosts', () => {
    expect(readConfig(ENV)).toEqual({
      apiUrl: 'https://api.vessel.test',
      wsUrl: 'wss://api.vessel.test/ws',
      supabaseUrl: 'https://auth.vessel.test',
      supabaseAnonKey: 'anon',
      workspaceOrigins: 'https://*.run.vessel.test:8443',
    })
  })

  it('takes the live address it is given', () => {
    expect(readConfig({ ...ENV, WS_URL: 'wss://live.test/ws' }).wsUrl).toBe('wss://live.test/ws')
  })

  it('names every problem at once', () => {
    const read = () => readConfig({ API_URL: 'ftp://x', WS_URL: 'http://x', SUPABASE_URL: '' })
    expect(read).toThrow(ConfigError)
    expect(read).toThrow(/API_URL[\s\S]*WS_URL[\s\S]*SUPABASE_URL: is missing[\s\S]*ANON_KEY/)
  })

  it('cannot be changed by anyone who holds it', () => {
    expect(Object.isFrozen(readConfig(ENV))).toBe(true)
  })
})
