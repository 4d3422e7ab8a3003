import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { CONFIG_KEYS, readConfig } from './config.ts'

const EXAMPLE_FILE = join(import.meta.dirname, '../orchestrator.env.example')

function readExample(): Record<string, { value: string; isDefault: boolean }> {
  const found: Record<string, { value: string; isDefault: boolean }> = {}
  for (const line of readFileSync(EXAMPLE_FILE, 'utf8').split('\n')) {
    const match = /^(# )?([A-Z][A-Z0-9_]+)=(.*)$/.exec(line)
    if (match) found[match[2] ?? ''] = { value: match[3] ?? '', isDefault: match[1] !== undefined }
  }
  return found
}

describe('config', () => {
  it('documents exactly the variables it reads', () => {
    expect(Object.keys(readExample()).sort()).toEqual([...CONFIG_KEYS].sort())
  })

  it('shows its real defaults in the example', () => {
    const example = Object.entries(readExample())
    const required = example.filter(([, entry]) => !entry.isDefault)
    const all = example.map(([key, entry]) => [key, entry.value])
    const withDefaults = readConfig(
      Object.fromEntries(required.map(([key, entry]) => [key, entry.value])),
    )
    expect(readConfig(Object.fromEntries(all))).toEqual(withDefaults)
  })

  it('reports every faulty variable at once', () => {
    const read = () => readConfig({ REDIS_URL: 'http://wrong', DASHBOARD_ORIGINS: 'x.test/path' })
    expect(read).toThrow(/REDIS_URL[\s\S]*SUPABASE_URL[\s\S]*DASHBOARD_ORIGINS/)
  })

  it('always lets the dashboard itself call, by its exact origin', () => {
    const all = Object.entries(readExample()).map(([key, entry]) => [key, entry.value])
    const config = readConfig({
      ...Object.fromEntries(all),
      DASHBOARD_URL: 'https://vessel.test/app/',
      DASHBOARD_ORIGINS: 'https://other.test, https://vessel.test',
    })
    expect(config.dashboardOrigins).toEqual(['https://vessel.test', 'https://other.test'])
  })
})
