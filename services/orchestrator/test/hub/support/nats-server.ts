import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

export interface TestNats {
  readonly url: string
  /** kill -9: what a crash looks like. */
  kill(): Promise<void>
  /** Starts it again on the same port, with what was on its disk. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** A real nats-server with JetStream, on a free port, with its files in a folder of its own. */
export async function startNats(): Promise<TestNats> {
  const folder = await mkdtemp(join(tmpdir(), 'vessel-hub-nats-'))
  let child = launch(folder, -1)
  const port = await readPort(folder, child)
  const url = `nats://127.0.0.1:${port}`

  const kill = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve))
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await ended
    }
  }
  return {
    url,
    kill,
    async restart() {
      await kill()
      child = launch(folder, port)
      await until(() => isListening(port), { what: 'nats-server is back' })
    },
    async stop() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function launch(folder: string, port: number): ChildProcess {
  const options = ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder]
  return spawn('nats-server', [...options, '--ports_file_dir', folder], { stdio: 'ignore' })
}

async function readPort(folder: string, child: ChildProcess): Promise<number> {
  let port = 0
  const file = join(folder, `nats-server_${child.pid}.ports`)
  const read = async () => {
    const text = await readFile(file, 'utf8').catch(() => '')
    const match = /nats:\/\/127\.0\.0\.1:(\d+)/.exec(text)
    port = Number(match?.[1] ?? 0)
    return port > 0
  }
  await until(read, { what: 'nats-server listens' })
  return port
}

async function isListening(port: number): Promise<boolean> {
  const { connect } = await import('node:net')
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
