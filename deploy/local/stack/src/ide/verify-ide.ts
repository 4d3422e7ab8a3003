import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ide } from './install-ide.ts'

const START_TIMEOUT_MS = 60_000
const ASK_EVERY_MS = 100
const ANSWER_TIMEOUT_MS = 2_000

/** Starts the IDE once, in folders of its own, and waits until it answers. */
export async function verifyIde(ide: Ide): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-ide-'))
  const places = {
    socket: join(folder, 'ide.sock'),
    userData: join(folder, 'data'),
    workspace: join(folder, 'workspace'),
  }
  await mkdir(places.workspace)
  const [command = '', ...args] = ide.command.map((part) =>
    part
      .replace('{socket}', places.socket)
      .replace('{userData}', places.userData)
      .replace('{workspace}', places.workspace),
  )
  const child = spawn(command, args, {
    cwd: places.workspace,
    env: { HOME: folder, PATH: process.env.PATH },
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  })
  try {
    const giveUpAt = Date.now() + START_TIMEOUT_MS
    while (!(await isHealthy(places.socket, ide.healthPath))) {
      if (child.exitCode !== null) throw new Error(`the IDE ended with ${child.exitCode}`)
      if (Date.now() > giveUpAt) throw new Error('the IDE did not answer in time')
      await sleep(ASK_EVERY_MS)
    }
  } finally {
    if (child.pid && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      process.kill(-child.pid, 'SIGKILL')
      await ended
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function isHealthy(socketPath: string, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path, timeout: ANSWER_TIMEOUT_MS }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    asked.on('timeout', () => asked.destroy())
    asked.on('error', () => resolve(false))
    asked.end()
  })
}
