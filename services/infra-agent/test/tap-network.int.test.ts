import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import type { TapConnection } from '../src/drivers/qemu/network/connection.ts'
import { newBootId } from './support/agent.ts'
import {
  changeSetting,
  createHost,
  createMachine,
  describeAsRoot,
  flushRules,
  OUTSIDE,
  runIn,
  SETTINGS,
  settingIn,
  tablesIn,
  tapsIn,
} from './support/network/hosts.ts'
import { ip, type Remote, startIn } from './support/network/namespaces.ts'
import { Cleanup, until } from './support/processes.ts'

const ANSWER_MS = 20_000
const AGENTS = 2
const BOOTS = 4
const MAIN = join(import.meta.dirname, '../src/main.ts')

/** Nothing leaves the namespaces. */
describeAsRoot('the taps of a host', () => {
  const cleanup = new Cleanup()
  let places: Awaited<ReturnType<typeof createHost>>

  beforeEach(async () => {
    places = await createHost(cleanup)
  })
  afterEach(() => cleanup.run())

  /** An agent's process over its folder; another one over the same folder is the agent restarted. */
  async function startAgent(stateDir: string, settings = SETTINGS): Promise<Remote> {
    const agent = startIn(cleanup, places.host, 'tap-host.ts')
    await agent.call('open', stateDir, settings)
    return agent
  }
  const attach = async (agent: Remote, boot: string = newBootId()) =>
    (await agent.call('attach', boot)) as TapConnection

  it('may begin on this host, and say so', async () => {
    const agent = await startAgent(await cleanup.folder())
    expect(await agent.call('missing', '10.62.0.0/16')).toEqual([])
  })

  it('do not begin where their range is in use, and name the link that uses it', async () => {
    const agent = await startAgent(await cleanup.folder())
    expect(await agent.call('missing', '198.51.0.0/16')).toEqual([
      expect.stringContaining('198.51.0.0/16 is in use at up0'),
    ])
  })

  it('leave the host as it was once the last has gone', async () => {
    const agent = await startAgent(await cleanup.folder())
    const boots = [newBootId(), newBootId()]
    for (const boot of boots) await attach(agent, boot)
    expect(await tapsIn(places.host)).toHaveLength(2)
    expect(await tablesIn(places.host)).toHaveLength(1)
    expect(await settingIn(places.host, 'conf/up0/forwarding')).toBe('1')
    expect(await settingIn(places.host, 'conf/lan0/forwarding')).toBe('0')
    expect(await settingIn(places.host, 'ip_forward')).toBe('0')

    for (const boot of boots) await agent.call('release', boot)
    await agent.call('release', boots[0])
    expect(await tapsIn(places.host)).toEqual([])
    expect(await tablesIn(places.host)).toEqual([])
    expect(await settingIn(places.host, 'conf/up0/forwarding')).toBe('0')
  })

  it('are as wide as the way out', async () => {
    await ip(`-n ${places.host} link set up0 mtu 1400`)
    const agent = await startAgent(await cleanup.folder())
    const { tap, mtu } = await attach(agent)
    expect(mtu).toBe(1_400)
    expect(await ip(`-n ${places.host} link show ${tap}`)).toContain('mtu 1400')
  })

  it('are kept by the next agent for machines that run, and removed for those that do not', async () => {
    const stateDir = await cleanup.folder()
    const first = await startAgent(stateDir)
    const kept = await createMachine(cleanup, places.host, first)
    await attach(first)
    await first.end()

    const outside = startIn(cleanup, places.outside, 'peer.ts')
    await outside.call('listen')
    const second = await startAgent(stateDir)
    await second.call('sweep', [kept.boot])
    expect(await tapsIn(places.host)).toEqual([kept.tap])
    expect(await kept.peer.call('ask', OUTSIDE, ANSWER_MS)).toBe('hello')
    await second.call('sweep', [])
    expect(await tapsIn(places.host)).toEqual([])
    expect(await tablesIn(places.host)).toEqual([])
  })

  it('get their rules and their forwarding back when somebody takes them away', async () => {
    const agent = await startAgent(await cleanup.folder())
    const boot = newBootId()
    await attach(agent, boot)
    await flushRules(places.host)
    await changeSetting(places.host, 'conf/all/forwarding', '0')
    await agent.call('sweep', [boot])
    expect(await tablesIn(places.host)).toHaveLength(1)
    expect(await settingIn(places.host, 'conf/up0/forwarding')).toBe('1')
  })

  it('are taken back by `infra-agent sweep` once the agent is gone for good', async () => {
    const stateDir = await cleanup.folder()
    const agent = await startAgent(stateDir)
    await attach(agent)
    await agent.end()
    expect(await tapsIn(places.host)).toHaveLength(1)

    const image = { disk: 'disk', kernel: 'kernel', initrd: 'initrd', takesAddress: true }
    const ide = { command: ['ide'], healthPath: '/' }
    await writeFile(join(stateDir, 'image.json'), JSON.stringify({ version: 1, ...image, ide }))
    const settings = {
      ...{ HOST_ID: 'h1', STATE_DIR: stateDir, ROUTES_DIR: stateDir, GOLDEN_IMAGE: stateDir },
      ...{ WORKSPACE_BASE_URL: 'http://localhost:8080', DASHBOARD_URL: 'http://localhost:3000' },
      ...{ DRIVER: 'qemu', QEMU_ACCELERATION: 'tcg' },
    }
    const words = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
    const node = [process.execPath, '--conditions=development', MAIN]
    await runIn(places.host, 'env', ...words, ...node, 'sweep')
    expect(await tapsIn(places.host)).toEqual([])
    expect(await tablesIn(places.host)).toEqual([])
    expect(await settingIn(places.host, 'conf/up0/forwarding')).toBe('0')
  })

  it('never share a place, though agents take them at the same time for boots that look alike', async () => {
    const folders = await Promise.all(Array.from({ length: AGENTS }, () => cleanup.folder()))
    const agents = await Promise.all(folders.map((folder) => startAgent(folder)))
    const alike = () => `${newBootId().slice(0, 28)}00000000`
    const taken = await Promise.all(
      agents.flatMap((agent) => Array.from({ length: BOOTS }, () => attach(agent, alike()))),
    )
    expect(new Set(taken.map(({ tap }) => tap)).size).toBe(AGENTS * BOOTS)
    expect(new Set(taken.map(({ address }) => address)).size).toBe(AGENTS * BOOTS)
    expect(await tapsIn(places.host)).toHaveLength(AGENTS * BOOTS)

    // One agent's end does not end the other's.
    await agents[0]?.call('sweep', [])
    expect(await tapsIn(places.host)).toHaveLength(BOOTS)
    expect(await tablesIn(places.host)).toHaveLength(1)
    expect(await settingIn(places.host, 'conf/up0/forwarding')).toBe('1')
  })

  it('are all found again after an agent that was killed while it made some', async () => {
    const stateDir = await cleanup.folder()
    const first = await startAgent(stateDir)
    const making = Array.from({ length: BOOTS }, () => attach(first).catch(() => null))
    await making[0]
    await first.end()
    await Promise.all(making)

    const second = await startAgent(stateDir)
    // What the first had asked the system to do may still be under way.
    await until('nothing is left', async () => {
      await second.call('sweep', [])
      return (await tapsIn(places.host)).length === 0
    })
    expect(await tablesIn(places.host)).toEqual([])
    expect(await settingIn(places.host, 'conf/up0/forwarding')).toBe('0')
  })
})
