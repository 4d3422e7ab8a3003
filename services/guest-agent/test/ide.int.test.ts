import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { makeRoot, startGuest, type TestGuest } from './helpers/guest.ts'
import { type GuestProcess, spawnGuest } from './helpers/process.ts'
import { openStream } from './helpers/stream.ts'
import { until } from './helpers/until.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const FAKE_IDE = fileURLToPath(new URL('./helpers/fake-ide.mjs', import.meta.url))
const ideWith = (...flags: string[]) => ({
  ide: {
    command: [process.execPath, FAKE_IDE, '{socket}', '{workspace}', ...flags],
    healthPath: '/healthz',
  },
})
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('the IDE', () => {
  let guest: TestGuest
  let second: GuestProcess | undefined
  afterEach(async () => {
    await guest?.stop()
    await second?.cleanUp()
    second = undefined
  })
  const start = () => guest.call(GUEST_ROUTES.startIde)
  const up = (which: { call: TestGuest['call'] } = guest) =>
    until('the IDE is up', async () => {
      const answer = await which.call(GUEST_ROUTES.health)
      return JSON.parse(answer.text).ide === 'up' ? true : undefined
    })
  const toIde = (path = '/') => guest.call({ path, headers: { [HEADERS.target]: 'ide' } })
  const pidOf = async () => {
    const answer = await toIde()
    return answer.status === 200 ? (JSON.parse(answer.text).pid as number) : undefined
  }

  it('is started once, however often it is asked for', async () => {
    guest = await startGuest(ideWith())
    expect((await guest.health()).ide).toBe('stopped')
    const answers = await Promise.all([start(), start(), start()])
    expect(answers.map(({ text }) => JSON.parse(text).state)).toEqual([
      ...['starting', 'starting', 'starting'],
    ])
    await up()
    expect(JSON.parse((await start()).text)).toEqual({ state: 'up' })
    const { pid, workspace } = JSON.parse((await toIde()).text)
    expect(workspace).toBe(guest.config.workspaceDir)
    await start()
    expect(await pidOf()).toBe(pid)
  })

  it('starts with a clean environment, without the token', async () => {
    guest = await startGuest({ ...ideWith(), environment: { OWN: 'yes', LANG: 'de_DE.UTF-8' } })
    await start()
    await up()
    const environment = JSON.parse((await toIde('/environment')).text)
    expect(environment).toMatchObject({
      ...{ HOME: guest.config.homeDir, OWN: 'yes', LANG: 'de_DE.UTF-8', SHELL: '/bin/bash' },
    })
    expect(JSON.stringify(environment)).not.toContain(guest.config.token)
    expect(Object.keys(environment)).not.toContain('NODE_OPTIONS')
  })

  it('gets the first requests of a boot as soon as it is up', async () => {
    guest = await startGuest(ideWith('--delay=400'))
    await start()
    const answer = await toIde('/early')
    expect([answer.status, JSON.parse(answer.text).url]).toEqual([200, '/early'])
  })

  it('that is not started is a readable page', async () => {
    guest = await startGuest(ideWith())
    const answer = await toIde()
    expect([answer.status, answer.headers['content-type']]).toEqual([
      502,
      'text/html; charset=utf-8',
    ])
  })

  it('is started again when it dies, and says so', async () => {
    guest = await startGuest(ideWith())
    const stream = openStream(guest)
    await start()
    await up()
    const first = await pidOf()
    await toIde('/die')
    await until('another one is up', async () => {
      const pid = await pidOf()
      return pid !== undefined && pid !== first
    })
    const texts = stream.ofType('log').map(({ source, text }) => `${source} ${text}`)
    expect(texts).toEqual(
      expect.arrayContaining([
        'ide fake ide listens',
        expect.stringMatching(/^guest VS Code ended; starting it again/),
      ]),
    )
    stream.close()
  })

  it('that cannot start ends as failed, with its own words in the log', async () => {
    guest = await startGuest(ideWith('--fail'))
    const stream = openStream(guest)
    await start()
    await until(
      'it is given up',
      async () => ((await guest.health()).ide === 'failed' ? true : undefined),
      30_000,
    )
    const texts = stream.ofType('log').map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(['cannot start', 'VS Code ended with code 3']))
    expect(JSON.parse((await start()).text)).toEqual({ state: 'starting' })
    stream.close()
  }, 40_000)

  it('ends with the guest agent', async () => {
    guest = await startGuest(ideWith())
    await start()
    await up()
    const pid = (await pidOf()) as number
    await guest.restart()
    expect(isAlive(pid)).toBe(false)
    expect((await guest.health()).ide).toBe('stopped')
  })

  it('listens elsewhere when the state folder has too long a name for a socket', async () => {
    guest = await startGuest(ideWith())
    const long = await makeRoot()
    const stateDir = join(long, 'long-'.repeat(22), 'state')
    await guest.stop()
    guest = await startGuest({ ...ideWith(), stateDir })
    await start()
    await up()
    expect(await pidOf()).toBeGreaterThan(0)
    rmSync(long, { recursive: true, force: true })
  })

  it('that a killed guest agent left behind is replaced, not doubled', async () => {
    guest = await startGuest(ideWith())
    second = await spawnGuest({ change: ideWith() })
    await second.call(GUEST_ROUTES.startIde)
    await up(second)
    const old = JSON.parse((await second.call({ headers: { [HEADERS.target]: 'ide' } })).text) as {
      pid: number
    }
    await second.end('SIGKILL')
    expect(isAlive(old.pid)).toBe(true)

    const next = await spawnGuest({ change: ideWith(), root: second.root })
    try {
      await next.call(GUEST_ROUTES.startIde)
      await up(next)
      expect(isAlive(old.pid)).toBe(false)
      expect(statSync(join(next.config.stateDir, 'ide.json')).mode & 0o077).toBe(0)
    } finally {
      await next.end('SIGTERM')
    }
  })
})
