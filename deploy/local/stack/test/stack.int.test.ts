import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createClient } from '@supabase/supabase-js'
import { straysBelow } from '../src/sessions/end-strays.ts'
import { startStack } from '../src/stack.ts'
import type { ServiceName, Stack, StackOptions } from '../src/stack-options.ts'

/** Without what is built: those have tests of their own, and the e2e tests run everything. */
const ONLY = ['nats', 'redis', 'supabase', 'gateway'] as const satisfies readonly ServiceName[]
const START_MS = 120_000

let stateDir: string
let said: string[]
let stack: Stack | null

beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'vessel-stack-'))
  said = []
  stack = null
})
afterEach(async () => {
  await stack?.stop()
  await rm(stateDir, { recursive: true, force: true })
}, START_MS)

async function start(more: Partial<StackOptions> = {}): Promise<Stack> {
  stack = await startStack({
    stateDir,
    ports: 'ephemeral',
    only: ONLY,
    output: { say: (text) => void said.push(text), child: () => undefined },
    ...more,
  })
  return stack
}

function isListening(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

async function logIn({ urls, keys, demo }: Stack): Promise<string | null> {
  const client = createClient(urls.supabase, keys.supabaseAnonKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  })
  const { data, error } = await client.auth.signInWithPassword(demo)
  if (error) throw error
  return data.user.app_metadata.role ?? null
}

describe('a stack', () => {
  it(
    'is ready when it has started, and leaves no process and no port behind',
    async () => {
      const { urls, pids } = await start()
      expect(ONLY.every((name) => pids[name] !== null)).toBe(true)
      const addresses = [urls.nats, urls.redis, urls.supabase, urls.workspaces]
      expect(await Promise.all(addresses.map(isListening))).toEqual([true, true, true, true])

      await stack?.stop()
      expect(await Promise.all(addresses.map(isListening))).toEqual([false, false, false, false])
      expect(straysBelow(stateDir)).toEqual([])
      expect(await readdir(stateDir)).not.toContain('run.json')
    },
    START_MS,
  )

  it(
    'keeps its demo login from one run to the next',
    async () => {
      const first = await start()
      expect(await logIn(first)).toBe('admin')
      await first.stop()
      const second = await start()
      expect(second.demo).toEqual(first.demo)
      expect(await logIn(second)).toBe('admin')
    },
    START_MS,
  )

  it(
    'lets one service be killed and brought back while the others run',
    async () => {
      const running = await start()
      const before = running.pids
      await running.kill('redis')
      expect(running.pids.redis).toBeNull()
      expect(await isListening(running.urls.redis)).toBe(false)
      await running.restart('redis')
      expect(await isListening(running.urls.redis)).toBe(true)
      expect(running.pids.nats).toBe(before.nats)
    },
    START_MS,
  )

  it(
    'that cannot start leaves nothing behind and can be started again',
    async () => {
      const env = { gateway: { GATEWAY_PORT: 'nonsense' } }
      await expect(start({ env })).rejects.toThrow(/gateway does not start[\s\S]*GATEWAY_PORT/)
      expect(straysBelow(stateDir)).toEqual([])
      await start()
    },
    START_MS,
  )

  it(
    'of the same folder cannot run twice',
    async () => {
      await start()
      const again = startStack({
        stateDir,
        ports: 'ephemeral',
        only: ONLY,
        output: { say: () => undefined, child: () => undefined },
      })
      await expect(again).rejects.toThrow('it runs already')
    },
    START_MS,
  )
})
