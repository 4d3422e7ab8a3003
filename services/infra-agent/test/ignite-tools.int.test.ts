import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createExecute } from '../src/drivers/ignite/execute.ts'
import { createHostMutex } from '../src/drivers/ignite/host-mutex.ts'
import { igniteLooks } from '../src/drivers/ignite/needs.ts'
import { startTicksOf } from '../src/drivers/process/proc-table.ts'
import { Cleanup, until } from './support/processes.ts'

const execute = createExecute('/usr/sbin:/usr/bin:/sbin:/bin')
const cleanup = new Cleanup()
afterEach(() => cleanup.run())

describe('a tool', () => {
  it('answers with its code and both of its streams', async () => {
    const args = ['-c', 'echo out; echo err >&2; exit 3']
    const { code, text } = await execute('sh', args, { timeoutMs: 10_000 })
    expect(code).toBe(3)
    expect(text.split('\n').sort()).toEqual(['', 'err', 'out'])
  })

  it('that is not there is a failure like any other', async () => {
    const outcome = await execute('no-such-tool', [], { timeoutMs: 10_000 })
    expect(outcome).toMatchObject({ code: 127, isTimedOut: false })
  })

  it('is ended with its children at the timeout, and when it is called off', async () => {
    const folder = await cleanup.folder()
    const script = 'sleep 60 & echo $$ $! > "$0"; wait'
    const pidsIn = async (file: string) =>
      (await readFile(file, 'utf8').catch(() => '')).trim().split(' ').map(Number)
    const areGone = async (file: string) => {
      const ticks = await Promise.all((await pidsIn(file)).map(startTicksOf))
      return ticks.length === 2 && ticks.every((found) => found === null)
    }
    const late = join(folder, 'late')
    const outcome = await execute('sh', ['-c', script, late], { timeoutMs: 2_000 })
    expect(outcome).toMatchObject({ code: null, isTimedOut: true })
    await until('both are gone', () => areGone(late))

    const off = join(folder, 'off')
    const calling = new AbortController()
    const options = { timeoutMs: 60_000, signal: calling.signal }
    const called = execute('sh', ['-c', script, off], options)
    await until('both run', async () => (await pidsIn(off)).length === 2)
    calling.abort()
    expect(await called).toMatchObject({ code: null, isTimedOut: false })
    await until('both are gone', () => areGone(off))
  })

  it('that writes into a file comes to its end after whoever called it was killed', async () => {
    const output = join(await cleanup.folder(), 'output')
    const source = join(import.meta.dirname, '../src/drivers/ignite/execute.ts')
    const script = 'echo begun; sleep 0.3; echo more; echo ended'
    const program = `
      const { createExecute } = await import(${JSON.stringify(source)})
      const options = { timeoutMs: 60_000, output: ${JSON.stringify(output)} }
      await createExecute('/usr/bin:/bin')('sh', ['-c', ${JSON.stringify(script)}], options)`
    const argv = ['--conditions=development', '--input-type=module', '-e', program]
    const caller = spawn(process.execPath, argv, { stdio: 'ignore' })
    const said = () => readFile(output, 'utf8').catch(() => '')
    await until('the tool has begun', async () => (await said()).includes('begun'))
    caller.kill('SIGKILL')
    await once(caller, 'exit')
    await until('the tool has ended', async () => (await said()).includes('ended'))
  })
})

describe('the lock of a host', () => {
  it('is given up waiting for, and is free when its holder has failed', async () => {
    const lockFile = join(await cleanup.folder(), 'run', 'lock')
    const mutex = () => createHostMutex({ execute, lockFile, waitMs: 1_000 })
    const [first, second] = [mutex(), mutex()]
    await first.run(async () => {
      const waiting = second.run(async () => 'mine')
      await expect(waiting).rejects.toMatchObject({ code: 'TIMEOUT' })
    })
    await expect(first.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
    expect(await second.run(async () => 'mine')).toBe('mine')
    expect(await first.run(async () => 'mine')).toBe('mine')
  })
})

describe('the examination of a host', () => {
  it('names every tool that is missing, with what to do', async () => {
    const found = await Promise.allSettled(igniteLooks('/nowhere').map(([, look]) => look()))
    const reasons = found.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
    const missing = reasons.map(({ message }: Error) => message)
    for (const tool of ['ignite', 'ctr', 'flock', 'losetup', 'dmsetup', 'iptables']) {
      expect(missing).toContain(`${tool} is not on PATH: install it or name it in full`)
    }
  })
})
