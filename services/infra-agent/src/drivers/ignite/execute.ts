import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { type FileHandle, open } from 'node:fs/promises'
import { homedir } from 'node:os'

export interface ExecuteOptions {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /**
   * Output is appended to this file instead of a pipe. A tool that writes into a pipe dies with
   * its reader; one that changes the host must come to its end even when the agent is killed.
   */
  readonly output?: string
  /** Of the host's lock: the tool holds it as long as it runs, whether or not we still do. */
  readonly lockFd?: number
}

export interface Outcome {
  /** Null when it was ended from outside, by us or by somebody else. */
  readonly code: number | null
  /** Both streams: ignite reports errors on the first, Go its crashes on the second. */
  readonly text: string
  readonly isTimedOut: boolean
}

export type Execute = (
  command: string,
  args: readonly string[],
  options: ExecuteOptions,
) => Promise<Outcome>

/** A tool of the host that did not do what it was asked; whoever asked knows what that means. */
export class ToolFailed extends Error {
  constructor(command: string, outcome: Pick<Outcome, 'text' | 'isTimedOut'>) {
    super(outcome.isTimedOut ? `${command} hangs` : `${command}: ${shorten(outcome.text)}`)
    this.name = 'ToolFailed'
  }
}

const shorten = (text: string): string => text.trim().slice(0, WORDS_CHARS_MAX)

const WORDS_CHARS_MAX = 500
/** Enough for any listing; what ignite says in one run is a page. */
const OUTPUT_BYTES_MAX = 1024 * 1024
/** As a shell answers for a program that is not there. */
const NOT_FOUND = 127

/** Runs the host's tools: an argument array, a bounded output, and an end within the timeout. */
export function createExecute(path: string): Execute {
  return async (command, args, options) => {
    const file = options.output === undefined ? null : await open(options.output, 'a+', 0o600)
    try {
      const position = file === null ? 0 : (await file.stat()).size
      const stdio = stdioOf(file, options.lockFd)
      const env = { PATH: path, HOME: homedir(), LANG: 'C.UTF-8' }
      // A group of its own: a signal to ours does not reach it, and it is ended with its children.
      const child = spawn(command, [...args], { stdio, env, detached: true })
      const outcome = await follow(child, options)
      return file === null ? outcome : { ...outcome, text: await readFrom(file, position) }
    } finally {
      await file?.close()
    }
  }
}

function stdioOf(file: FileHandle | null, lockFd: number | undefined): StdioOptions {
  const output = file === null ? 'pipe' : file.fd
  return ['ignore', output, output, ...(lockFd === undefined ? [] : [lockFd])]
}

async function follow(child: ChildProcess, options: ExecuteOptions): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  let text = ''
  let isTimedOut = false
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text = (text + chunk).slice(-OUTPUT_BYTES_MAX)
    })
  }
  const kill = () => {
    endGroup(child)
    // A grandchild that left the group may hold the pipes; nobody waits for it.
    child.stdout?.destroy()
    child.stderr?.destroy()
  }
  const timer = setTimeout(() => {
    isTimedOut = true
    kill()
  }, options.timeoutMs)
  child.once('error', ({ message }) => resolve({ code: NOT_FOUND, text: message, isTimedOut }))
  child.once('close', (code) => resolve({ code, text, isTimedOut }))
  options.signal?.addEventListener('abort', kill, { once: true })
  if (options.signal?.aborted) kill()
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    options.signal?.removeEventListener('abort', kill)
  }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch (thrown) {
    // It ended between the look and the signal.
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown
  }
}

async function readFrom(file: FileHandle, position: number): Promise<string> {
  const { size } = await file.stat()
  const bytes = Math.min(OUTPUT_BYTES_MAX, Math.max(0, size - position))
  const { bytesRead, buffer } = await file.read(Buffer.alloc(bytes), 0, bytes, size - bytes)
  return buffer.toString('utf8', 0, bytesRead)
}
