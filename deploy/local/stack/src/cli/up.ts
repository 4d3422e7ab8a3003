import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import { portsFrom } from '../ports/ports.ts'
import { startStack, usualStateDir } from '../stack.ts'
import type { Stack } from '../stack-options.ts'
import { readRunRecord } from '../state/run-record.ts'
import { boxed, createConsoleOutput } from './console-output.ts'

/** The first start may build the IDE and the dashboard. */
const DETACHED_READY_TIMEOUT_MS = 30 * 60_000
const LOOK_EVERY_MS = 200

export interface UpOptions {
  readonly driver: string
  readonly isJson: boolean
}

function greeting({ urls, demo }: Stack): string {
  return boxed([
    'Vessel is up.',
    '',
    `Open      ${urls.dashboard}`,
    `Email     ${demo.email}`,
    `Password  ${demo.password}`,
    '',
    'Ctrl-C saves every open session and stops everything.',
  ])
}

/** Runs the stack in the foreground until a signal ends it. */
export async function up({ driver, isJson }: UpOptions): Promise<void> {
  const output = createConsoleOutput()
  const wish = new AbortController()
  const wanted = once(wish.signal, 'abort')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (wish.signal.aborted) return output.say('already stopping; sessions are being saved')
      output.say('stopping')
      wish.abort(new Error('interrupted'))
    })
  }
  try {
    const stack = await startStack({
      stateDir: usualStateDir(),
      ports: portsFrom(process.env),
      driver,
      output,
      signal: wish.signal,
    })
    const { urls, demo, pids } = stack
    process.stdout.write(isJson ? `${JSON.stringify({ urls, demo, pids })}\n` : greeting(stack))
    await wanted
    await stack.stop()
    output.say('stopped')
  } catch (error) {
    if (!wish.signal.aborted) throw error
    output.say('stopped')
  }
}

/** Starts the stack in the background and returns once it is ready. */
export async function upDetached({ driver }: UpOptions): Promise<void> {
  const stateDir = resolve(usualStateDir())
  await mkdir(join(stateDir, 'logs'), { recursive: true, mode: 0o700 })
  const logFile = join(stateDir, 'logs', 'stack.log')
  const log = openSync(logFile, 'w', 0o600)
  const child = spawn(
    process.execPath,
    ['--conditions=development', process.argv[1] ?? '', 'up', '--json', '--driver', driver],
    { detached: true, stdio: ['ignore', log, log] },
  )
  closeSync(log)
  const giveUpAt = Date.now() + DETACHED_READY_TIMEOUT_MS
  for (;;) {
    const record = await readRunRecord(stateDir)
    if (record?.isReady && record.launcher.pid === child.pid) break
    if (child.exitCode !== null || Date.now() > giveUpAt) {
      throw new Error(`it did not start:\n${await readFile(logFile, 'utf8')}`)
    }
    await sleep(LOOK_EVERY_MS)
  }
  child.unref()
  const lines = (await readFile(logFile, 'utf8')).trim().split('\n')
  process.stdout.write(`${lines.findLast((line) => line.startsWith('{"urls"')) ?? '{}'}\n`)
}
