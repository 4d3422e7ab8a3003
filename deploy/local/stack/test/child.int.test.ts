import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { installOnce } from '../src/cache/install-once.ts'
import { pruneFolders } from '../src/cache/prune.ts'
import { type SupervisedChild, superviseChild } from '../src/process/child.ts'
import { identify, isRunning } from '../src/process/process-identity.ts'
import { runTool } from '../src/process/run-tool.ts'
import { endStrays, straysBelow } from '../src/sessions/end-strays.ts'
import { claimStateDir } from '../src/state/claim.ts'
import { readRunRecord, untilEnded } from '../src/state/run-record.ts'

let dir: string
let child: SupervisedChild | null
let notices: string[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vessel-child-'))
  child = null
  notices = []
})
afterEach(async () => {
  await child?.stop()
  await rm(dir, { recursive: true, force: true })
})

/** A program that leaves its pid in a file, and counts its starts there. */
const PROGRAM = `
  const fs = require('node:fs')
  fs.appendFileSync(process.argv[1], process.pid + '\\n')
  if (process.argv[2] === 'stubborn') process.on('SIGTERM', () => {})
  setInterval(() => {}, 1000)
`

async function startsIn(file: string): Promise<number[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean).map(Number)
}

function supervise(mode = ''): { supervised: SupervisedChild; starts: () => Promise<number[]> } {
  const file = join(dir, 'starts')
  const supervised = superviseChild(
    {
      name: 'program',
      command: process.execPath,
      args: ['-e', PROGRAM, file, mode],
      cwd: dir,
      env: {},
      stopTimeoutMs: 300,
      isReady: async () => (await startsIn(file)).includes(supervised.pid ?? -1),
    },
    {
      line: () => undefined,
      notice: (_, text) => notices.push(text),
      changed: () => undefined,
    },
  )
  child = supervised
  return { supervised, starts: () => startsIn(file) }
}

async function until(what: string, isTrue: () => boolean | Promise<boolean>) {
  const deadline = performance.now() + 8_000
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`)
    await sleep(20)
  }
}

describe('a supervised process', () => {
  it('that dies comes back by itself, and it is said', async () => {
    const { supervised, starts } = supervise()
    await supervised.start()
    const first = supervised.pid
    await supervised.kill(true)
    await until('it is back', async () => (await starts()).length === 2)
    expect(supervised.pid).not.toBe(first)
    expect(notices).toEqual([expect.stringContaining('ended (SIGKILL); starting again in 0.5 s')])
  })

  it('that is killed on purpose stays down until it is started', async () => {
    const { supervised, starts } = supervise()
    await supervised.start()
    await supervised.kill()
    expect(supervised.pid).toBeNull()
    await supervised.start()
    expect(await starts()).toHaveLength(2)
    expect(notices).toEqual([])
  })

  it('that does not end when asked is killed', async () => {
    const { supervised } = supervise('stubborn')
    await supervised.start()
    const identity = supervised.identity
    await supervised.stop()
    expect(identity && isRunning(identity)).toBe(false)
    expect(notices).toEqual([expect.stringContaining('killed')])
  })

  it('that ends again and again before it is ready is given up, with its last words', async () => {
    const hopeless = superviseChild(
      {
        name: 'hopeless',
        command: process.execPath,
        args: ['-e', 'console.error("PORT: not a number"); process.exit(1)'],
        cwd: dir,
        env: {},
        isReady: async () => false,
      },
      { line: () => undefined, notice: () => undefined, changed: () => undefined },
    )
    try {
      await expect(hopeless.start()).rejects.toThrow(/does not start[\s\S]*PORT: not a number/)
    } finally {
      await hopeless.stop()
    }
  })

  it('that cannot be started is an error, not silence', async () => {
    const missing = superviseChild(
      { name: 'x', command: '/nowhere', args: [], cwd: dir, env: {}, isReady: async () => true },
      { line: () => undefined, notice: (_, text) => notices.push(text), changed: () => undefined },
    )
    const starting = missing.start().catch((error: Error) => error.message)
    await until('the fault is said', () => notices.some((text) => text.includes('ENOENT')))
    await missing.stop()
    expect(await starting).toContain('stopped while it started')
  })
})

describe('a state dir', () => {
  it('belongs to one launcher at a time', async () => {
    const claim = await claimStateDir(dir, () => undefined)
    await expect(claimStateDir(dir, () => undefined)).rejects.toThrow(`pid ${process.pid}`)
    await claim.release()
    await (await claimStateDir(dir, () => undefined)).release()
    expect(await readRunRecord(dir)).toBeNull()
  })

  it('of a killed launcher is cleaned up by the next one', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(left, 'spawn')
    const identity = identify(left.pid ?? 0)
    if (!identity) throw new Error('no such process')
    const gone = { pid: process.pid, startTicks: '1' }
    const record = { launcher: gone, isReady: true, children: { redis: identity } }
    await writeFile(join(dir, 'run.json'), JSON.stringify(record))

    const said: string[] = []
    const claim = await claimStateDir(dir, (text) => said.push(text))
    expect(isRunning(identity)).toBe(false)
    expect(said).toEqual([expect.stringContaining('redis')])
    await claim.release()
  })

  it('keeps no stray processes of its sessions, and spares those of others', async () => {
    const program = 'setInterval(() => {}, 1000)'
    const stray = spawn(process.execPath, ['-e', program, join(dir, 'agent', 'guest.json')])
    const other = spawn(process.execPath, ['-e', program, `${dir}-other`])
    try {
      await Promise.all([once(stray, 'spawn'), once(other, 'spawn')])
      await until('it is seen', () => straysBelow(join(dir, 'agent')).length === 1)
      expect(await endStrays(join(dir, 'agent'))).toBe(1)
      expect(straysBelow(join(dir, 'agent'))).toEqual([])
      expect(other.exitCode).toBeNull()
    } finally {
      stray.kill('SIGKILL')
      other.kill('SIGKILL')
    }
  })
})

describe('a cached folder', () => {
  it('is filled once when two ask at the same time', async () => {
    let fills = 0
    const fill = async (temporary: string) => {
      fills += 1
      await writeFile(join(temporary, 'file'), 'whole')
    }
    const folder = join(dir, 'cache', 'thing-1')
    await Promise.all([installOnce({ folder, fill }), installOnce({ folder, fill })])
    expect(fills).toBe(1)
    expect(await readFile(join(folder, 'file'), 'utf8')).toBe('whole')
  })

  it('is not there when filling it failed, and is filled by the next try', async () => {
    const folder = join(dir, 'cache', 'thing-2')
    const fill = async () => {
      throw new Error('no network')
    }
    await expect(installOnce({ folder, fill })).rejects.toThrow('no network')
    await installOnce({ folder, fill: async (temporary) => writeFile(join(temporary, 'x'), '') })
    expect(await readFile(join(folder, 'x'), 'utf8')).toBe('')
  })
})

describe('old folders of a cache', () => {
  it('go when there are enough newer ones, young ones stay', async () => {
    const ages = { a: 0, b: 2, c: 30, d: 40 }
    for (const [name, days] of Object.entries(ages)) {
      await mkdir(join(dir, name))
      const at = new Date(Date.now() - days * 24 * 3_600_000)
      await utimes(join(dir, name), at, at)
    }
    expect(await pruneFolders(dir, 1)).toEqual(['b', 'c', 'd'])
    expect(await pruneFolders(dir, 0)).toEqual([])
  })
})

describe('a tool', () => {
  it('that is interrupted ends with everything it started', async () => {
    const file = join(dir, 'grandchild')
    const script = `
      const { spawn } = require('node:child_process')
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
      require('node:fs').writeFileSync(${JSON.stringify(file)}, String(child.pid))
      setInterval(() => {}, 1000)
    `
    const stop = new AbortController()
    const run = runTool({
      command: process.execPath,
      args: ['-e', script],
      timeoutMs: 60_000,
      signal: stop.signal,
    }).catch((error: Error) => error.message)
    await until('it runs', async () => (await startsIn(file)).length === 1)
    const grandchild = identify((await startsIn(file))[0] ?? 0)
    stop.abort(new Error('interrupted'))
    expect(await run).toBe('interrupted')
    expect(grandchild && (await untilEnded(grandchild, 5_000))).toBe(true)
  })

  it('that fails says why', async () => {
    const args = ['-e', 'console.error("the reason"); process.exit(3)']
    const run = runTool({ command: process.execPath, args, timeoutMs: 60_000 })
    await expect(run).rejects.toThrow(/ended with 3[\s\S]*the reason/)
  })
})
