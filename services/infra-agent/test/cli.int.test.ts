import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { isThere } from './support/agent.ts'
import { run, until } from './support/processes.ts'
import { createWorld, type World } from './support/world.ts'

const MAIN = join(import.meta.dirname, '../src/main.ts')
const TEST_MS = 90_000

describe('the command line', () => {
  let world: World

  beforeEach(async () => {
    world = await createWorld()
  }, TEST_MS)
  afterEach(() => world.cleanup.run(), TEST_MS)

  async function call(...args: string[]) {
    const env = world.agent.env
    const called = run(process.execPath, ['--conditions=development', MAIN, ...args], env)
    await until('it ends', () => called.child.exitCode !== null, 60_000)
    return { exitCode: called.child.exitCode, answer: JSON.parse(called.output()) }
  }

  it(
    'starts a session by hand, lists it, and saves it to its archive when it is stopped',
    async () => {
      const folder = await world.cleanup.folder()
      const archive = join(folder, 'mine.zip')
      const started = await call('start', 'mine', archive)
      expect(started.answer).toMatchObject({ status: 'success', ip: '127.0.0.1' })
      const url = new URL(started.answer.url)
      expect(url.host).toBe('mine.localhost:8080')

      const listed = await call('ps')
      expect(listed.answer.sessions).toMatchObject([{ slug: 'mine', state: 'ready' }])
      const { session } = listed.answer.sessions[0]
      await writeFile(join(world.agent.paths.workspace(session), 'file.txt'), 'mine')

      const stopped = await call('stop', 'mine')
      expect(stopped.answer).toMatchObject({ status: 'success', isSaved: true, savedTo: archive })
      expect((await readFile(archive)).subarray(0, 2).toString()).toBe('PK')
      expect(isThere(world.agent.paths.vm(session))).toBe(false)
      expect(world.orchestrator.commits).toEqual([])

      const again = await call('start', 'mine', archive)
      expect(again.answer.status).toBe('success')
      const copy = join(world.agent.paths.workspace(session), 'file.txt')
      expect(await readFile(copy, 'utf8')).toBe('mine')
    },
    TEST_MS,
  )

  it(
    'says what is wrong and ends with 1',
    async () => {
      const { exitCode, answer } = await call('stop', 'nobody')
      expect(exitCode).toBe(1)
      expect(answer).toMatchObject({ status: 'error', error: { code: 'SESSION_UNKNOWN' } })
    },
    TEST_MS,
  )

  it(
    'sweeps the host when no agent works on it any more, and only then',
    async () => {
      const args = ['--conditions=development', MAIN, 'sweep']
      const sweep = async () => {
        const called = run(process.execPath, args, world.agent.env)
        await until('it ends', () => called.child.exitCode !== null, 60_000)
        return { exitCode: called.child.exitCode, output: called.output() }
      }
      const refused = await sweep()
      expect(refused.exitCode).toBe(1)
      expect(refused.output).toContain('another agent')
      await world.agent.crash()
      expect((await sweep()).exitCode).toBe(0)
    },
    TEST_MS,
  )

  it(
    'examines what the driver needs',
    async () => {
      const { answer, exitCode } = await call('doctor')
      expect(answer.findings.map(({ check }: { check: string }) => check)).toContain('sandbox')
      expect(exitCode).toBe(answer.status === 'success' ? 0 : 1)
    },
    TEST_MS,
  )
})
