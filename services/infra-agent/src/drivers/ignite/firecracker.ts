import { type IncomingMessage, request } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { hasErrorCode } from '../../host/files.ts'

const ANSWER_BYTES_MAX = 64 * 1024

const instance = z.object({ state: z.string() })

/**
 * What Firecracker says on its own socket. `dead`: nobody listens there, whatever ignite believes.
 * `silent`: somebody listens and does not answer, which on a busy host is no reason to give up.
 */
export type VmmState = 'running' | 'paused' | 'starting' | 'silent' | 'dead'

const STATES: Readonly<Record<string, VmmState>> = {
  Running: 'running',
  Paused: 'paused',
  'Not started': 'starting',
}

interface Question {
  readonly method: 'GET' | 'PATCH'
  readonly path: string
  readonly body?: object
}

function ask(socketPath: string, question: Question, timeoutMs: number): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  // Its server reads a body by this header only, and ignores one that comes in chunks (§4).
  const text = question.body === undefined ? '' : JSON.stringify(question.body)
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
  const { method, path } = question
  const signal = AbortSignal.timeout(timeoutMs)
  const call = request({ socketPath, method, path, headers, signal, agent: false })
  call.once('error', reject)
  call.once('response', (answer: IncomingMessage) => {
    let said = ''
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(0, ANSWER_BYTES_MAX)
    })
    answer.once('error', reject)
    answer.once('end', () => {
      const isOk = answer.statusCode === 200 || answer.statusCode === 204
      if (isOk) return resolve(said)
      reject(new VesselError('BOOT_FAILED', { detail: `firecracker refuses ${path}: ${said}` }))
    })
  })
  call.end(text)
  return promise
}

const ANSWER_TIMEOUT_MS = 2_000
/** Stopping a machine's processors waits for each of them. */
const CHANGE_TIMEOUT_MS = 10_000

/**
 * The only proof that a machine lives: ignite's own word outlives it (§3, failures 2 and 3), and so
 * does the socket's file, but a dead process does not listen.
 */
export async function vmmState(socketPath: string): Promise<VmmState> {
  try {
    const said = await ask(socketPath, { method: 'GET', path: '/' }, ANSWER_TIMEOUT_MS)
    return STATES[parseJson(instance, said).state] ?? 'starting'
  } catch (thrown) {
    const isDead = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'].some((code) => hasErrorCode(thrown, code))
    return isDead ? 'dead' : 'silent'
  }
}

/** Pauses or resumes every processor of the machine. */
export async function setVmmState(socketPath: string, state: 'Paused' | 'Resumed'): Promise<void> {
  const question = { method: 'PATCH', path: '/vm', body: { state } } as const
  await ask(socketPath, question, CHANGE_TIMEOUT_MS)
}
