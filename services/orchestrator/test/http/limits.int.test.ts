import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import type { Redis } from 'ioredis'
import { pino } from 'pino'
import { connectRedis } from '../../src/cache/redis.ts'
import { until } from '../hub/support/until.ts'
import { call, codeOf } from './support/call.ts'
import { startHttp } from './support/http-stack.ts'

const PER_MINUTE = 5
const releases: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release()
})

async function freePort(): Promise<number> {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function startRedis() {
  const dir = await mkdtemp(join(tmpdir(), 'vessel-redis-'))
  const port = await freePort()
  const args = ['--port', String(port), '--dir', dir, '--save', '', '--bind', '127.0.0.1']
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  releases.push(() => rm(dir, { recursive: true, force: true }))
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  releases.push(stop)
  const redis = connectRedis(`redis://127.0.0.1:${port}`, pino({ level: 'silent' }))
  releases.push(() => redis.disconnect())
  await until(() => redis.status === 'ready', { what: 'redis is ready' })
  return { redis, stop }
}

async function start(redis?: Redis) {
  const stack = await startHttp({
    limits: { requestsPerMinuteMax: PER_MINUTE },
    ...(redis ? { redis } : {}),
  })
  releases.push(() => stack.stop())
  return stack
}

describe('the rate limit', () => {
  it('counts each user for themselves, and says when to come back', async () => {
    const { redis } = await startRedis()
    const stack = await start(redis)
    for (let sent = 0; sent < PER_MINUTE; sent += 1) {
      const answer = await call(stack, 'GET /api/projects', { as: stack.ann })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('ratelimit-remaining')).toBe(String(PER_MINUTE - sent - 1))
    }
    const refused = await call(stack, 'GET /api/sessions', { as: stack.ann })
    expect(codeOf(refused)).toBe('RATE_LIMITED')
    expect(refused.body.retryAfterMs).toBeGreaterThan(0)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.headers.get('ratelimit-limit')).toBe(String(PER_MINUTE))
    expect((await call(stack, 'GET /api/projects', { as: stack.ben })).status).toBe(200)
    expect(await redis.keys('vessel:rate:*')).toContain(`vessel:rate:user:${stack.ann.id}`)
  })

  it('counts guesses at tokens by address, and never the probes', async () => {
    const stack = await start()
    const guess = () => call(stack, 'GET /api/projects', { headers: { authorization: 'Bearer x' } })
    const codes: string[] = []
    for (let sent = 0; sent <= PER_MINUTE; sent += 1) codes.push(codeOf(await guess()))
    expect(codes).toEqual([...Array(PER_MINUTE).fill('UNAUTHENTICATED'), 'RATE_LIMITED'])
    expect((await call(stack, 'GET /api/projects', { as: stack.ann })).status).toBe(200)
    for (let sent = 0; sent < 3 * PER_MINUTE; sent += 1) {
      expect((await call(stack, 'GET /healthz')).status).toBe(200)
    }
  })

  it('believes no address a client made up', async () => {
    const stack = await start()
    const codes: string[] = []
    for (let sent = 0; sent <= PER_MINUTE; sent += 1) {
      const headers = { 'x-forwarded-for': `10.0.0.${sent}` }
      codes.push(codeOf(await call(stack, 'GET /api/projects', { headers })))
    }
    expect(codes.at(-1)).toBe('RATE_LIMITED')
  })

  it('does not stand in the way while the cache is gone', async () => {
    const { redis, stop } = await startRedis()
    const stack = await start(redis)
    await stop()
    for (let sent = 0; sent < 2 * PER_MINUTE; sent += 1) {
      expect((await call(stack, 'GET /api/projects', { as: stack.ann })).status).toBe(200)
    }
  })
})
