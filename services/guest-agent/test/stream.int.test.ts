import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { startGuest, type TestGuest } from './helpers/guest.ts'
import { openStream } from './helpers/stream.ts'
import { until } from './helpers/until.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const LISTENER = `
  const server = require('node:http').createServer().listen(0, '127.0.0.1', () => {
    console.log(server.address().port)
    setTimeout(() => process.exit(), 20000)
  })`

describe('the stream of a machine', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
  })
  afterEach(() => guest.stop())
  const at = (name: string) => join(guest.config.workspaceDir, name)

  it('begins with who it is and goes on with numbers', async () => {
    const stream = openStream(guest)
    await until(
      'one of each is there',
      () =>
        stream.ofType('system_metrics').length > 0 &&
        stream.ofType('process_snapshot').length > 0 &&
        stream.ofType('application_usage').length > 0 &&
        stream.ofType('port_usage').length > 0,
    )
    expect(stream.messages[0]).toMatchObject({ type: 'vm_identification', agent_version: '0.1.0' })
    const [metrics] = stream.ofType('system_metrics')
    expect(metrics?.metrics.memory.total_kb).toBeGreaterThan(0)
    expect(metrics?.metrics.cpu.cores_usage.length).toBeGreaterThan(0)
    expect(metrics?.metrics.disk.usage_stats.map(({ mount_point }) => mount_point)).toContain('/')
    stream.close()
  })

  it('names the ports of the session’s programs, and not its own', async () => {
    const body = JSON.stringify({
      argv: [process.execPath, '-e', LISTENER],
      timeoutMs: 20_000,
    })
    const running = guest.call({ ...GUEST_ROUTES.exec, body }).catch(() => undefined)
    const stream = openStream(guest)
    const ports = await until(
      'the port is seen',
      () => stream.ofType('port_usage').find((each) => each.ports.length > 0)?.ports,
      15_000,
    )
    expect(ports).toEqual([{ port: expect.any(Number), process: expect.stringMatching(/node/i) }])
    expect(ports[0]?.port).not.toBe(guest.port)
    stream.close()
    const pids = stream.ofType('process_snapshot').flatMap((each) => each.processes)
    for (const { pid } of pids) if (pid !== process.pid) killQuietly(pid)
    await running
  }, 30_000)

  it('tells of changed files, and counts them for the next save', async () => {
    await guest.hydrate(Buffer.alloc(0))
    const stream = openStream(guest)
    expect((await guest.health()).changeCount).toBe(0)
    mkdirSync(at('src/deep'), { recursive: true })
    await until('the folder is noticed', async () => (await guest.health()).changeCount > 0)
    const before = (await guest.health()).changeCount
    // The new folder is watched a moment after it is made, so the file is written until it is seen.
    await until('the file in it is noticed', async () => {
      writeFileSync(at('src/deep/a.ts'), String(performance.now()))
      return (await guest.health()).changeCount > before
    })
    await until('activity is told', () => stream.ofType('activity').length > 0)
    expect(stream.ofType('activity').map(({ source }) => source)).toEqual(['files'])
    stream.close()
  })

  it('does not take ignored files or its own reading for changes', async () => {
    await guest.hydrate(Buffer.alloc(0))
    writeFileSync(at('.vesselignore'), 'out/\n')
    await until('that is counted', async () => (await guest.health()).changeCount > 0)
    await guest.restart()
    mkdirSync(at('node_modules/x'), { recursive: true })
    mkdirSync(at('out'))
    writeFileSync(at('node_modules/x/i.js'), 'x')
    writeFileSync(at('out/o'), 'x')
    await guest.pack()
    writeFileSync(at('seen'), 'x')
    await until('the real change is counted', async () => (await guest.health()).changeCount > 0)
    expect((await guest.health()).changeCount).toBeLessThanOrEqual(3)
    rmSync(at('seen'))
  })

  it('tells of typing in a terminal', async () => {
    const stream = openStream(guest)
    // `script` gives the shell a terminal of its own; what goes in there is what a person types.
    const typing = guest.call({
      ...GUEST_ROUTES.exec,
      body: JSON.stringify({
        argv: ['sh', '-c', '(while sleep 1; do echo :; done) | script -qc sh /dev/null'],
        timeoutMs: 60_000,
      }),
    })
    await until(
      'it is told',
      () => stream.ofType('activity').some(({ source }) => source === 'terminal'),
      40_000,
    )
    stream.close()
    await guest.stop()
    await typing.catch(() => undefined)
    guest = await startGuest()
  })

  it('keeps what nobody read for the next reader, once', async () => {
    await guest.hydrate(Buffer.alloc(0))
    mkdirSync(at('later'))
    await until('it is counted', async () => (await guest.health()).changeCount > 0)
    const first = openStream(guest)
    await until('it is told', () => first.ofType('activity').length === 1)
    first.close()
    const second = openStream(guest)
    await until('the second stream runs', () => second.messages.length > 0)
    expect(second.ofType('activity')).toEqual([])
    second.close()
  })

  it('lets several read, but not any number', async () => {
    const streams = Array.from({ length: 16 }, () => openStream(guest))
    await until('all are open', () => streams.every(({ messages }) => messages.length > 0))
    const refused = await guest.call(GUEST_ROUTES.stream)
    expect(refused.status).toBe(503)
    for (const stream of streams) stream.close()
    await until('there is room again', async () => (await statusOf(guest)) === 200)
  })
})

function statusOf(guest: TestGuest): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      ...{ host: '127.0.0.1', port: guest.port, agent: false, ...GUEST_ROUTES.stream },
      headers: { [HEADERS.guestToken]: guest.config.token },
    })
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      resolve(response.statusCode ?? 0)
      response.destroy()
    })
    outgoing.end()
  })
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid)
  } catch {
    // It ended by itself.
  }
}
