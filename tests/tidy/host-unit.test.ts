import { parseEnv } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { readConfig } from '@vessel/infra-agent/testing/config'
import { readSource } from './files.ts'
import { environmentOf } from './manifests.ts'

const FOLDER = 'deploy/infra-agent'
const EXAMPLE = 'services/infra-agent/infra-agent.env.example'

/** `Name=value` of a unit, each with all its values in their order. */
function directivesOf(file: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const line of readSource(`${FOLDER}/${file}`).text.split('\n')) {
    const [, name, value] = /^([A-Z]\w+)=(.*)$/.exec(line) ?? []
    if (name !== undefined) found.set(name, [...(found.get(name) ?? []), value ?? ''])
  }
  return found
}

const unit = directivesOf('vessel-infra-agent.service')
const forQemu = directivesOf('qemu.conf')
const one = (name: string): string => unit.get(name)?.join('|') ?? ''
const readme = readSource(`${FOLDER}/README.md`).text

describe('the unit of the agent', () => {
  it('lets machines outlive the agent, and never leaves a host without one', () => {
    expect(one('KillMode')).toBe('process')
    expect(one('Restart')).toBe('always')
    expect(one('StartLimitIntervalSec')).toBe('0')
    expect(one('OOMPolicy')).toBe('continue')
    expect(one('ManagedOOMPreference')).toBe('omit')
    expect(one('TasksMax')).toBe('infinity')
  })

  it('waits longer for its end than the agent takes', () => {
    const main = readSource('services/infra-agent/src/main.ts').text
    const withinMs = Number(/STOP_WITHIN_MS = ([\d_]+)/.exec(main)?.[1]?.replaceAll('_', ''))
    expect(Number(one('TimeoutStopSec')) * 1_000).toBeGreaterThan(withinMs)
  })

  it('starts what the command of operators starts, with the same configuration', () => {
    const command = readSource(`${FOLDER}/infra-agent`).text.replaceAll('\\\n', '')
    const [node, file] = one('ExecStart').split(' ')
    expect(command).toMatch(
      new RegExp(`^exec ${node} --env-file=${one('EnvironmentFile')} +${file}`, 'm'),
    )
    for (const path of [node, file, one('EnvironmentFile')]) {
      expect(readme).toContain(
        path?.replace('/bin/node', '').replace('/current/infra-agent.mjs', ''),
      )
    }
  })

  it('hands the seed over as a credential, under a name that the agent reads', () => {
    const [name] = one('LoadCredential').split(':')
    expect(one('Environment')).toBe(`NATS_NKEY_FILE=%d/${name}`)
    expect(readSource(EXAMPLE).text).toContain('# NATS_NKEY_FILE=')
  })

  it('keeps the folders of the example, and means by it what Node and the agent do', () => {
    const example = environmentOf(EXAMPLE)
    expect(parseEnv(readSource(EXAMPLE).text)).toEqual(example)
    const config = readConfig(example)
    for (const folder of [config.STATE_DIR, config.ROUTES_DIR]) {
      expect(folder).toMatch(new RegExp(`^/var/lib/${one('StateDirectory')}/`))
    }
  })

  it('leaves off what machines need, each with its reason in the README', () => {
    const [table = ''] = readme.slice(readme.indexOf('| left off')).split('\n\n', 1)
    const leftOff = [...table.matchAll(/`([A-Z]\w+)=/g)].map(([, name]) => name ?? '')
    expect(leftOff.length).toBeGreaterThan(10)
    const alsoSet = leftOff.filter((name) => unit.has(name) && name !== 'ProtectSystem')
    expect(alsoSet).toEqual([])
    expect(one('ProtectSystem')).toBe('full')
    // And the other way round: what is only for qemu is left off elsewhere for a reason.
    const unexplained = [...forQemu.keys()].filter((name) => !OF_QEMU_ALONE.has(name))
    expect(unexplained.filter((name) => !leftOff.includes(name))).toEqual([])
  })
})

/** Parts of what is explained under another name, or harmless to machines of qemu by itself. */
const OF_QEMU_ALONE = new Set([
  'DeviceAllow',
  'RestrictAddressFamilies',
  'SystemCallArchitectures',
  'SystemCallErrorNumber',
])
