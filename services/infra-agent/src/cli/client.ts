import { request } from 'node:http'
import { isAbsolute, resolve as resolvePath } from 'node:path'
import type { ControlRequest } from './control-socket.ts'

export const USAGE =
  'usage: infra-agent [start <vm-id> [path] | stop <vm-id> | ps | doctor | sweep]'

/** A save may take as long as a save may take; a person can always press Ctrl-C. */
const ANSWER_WITHIN_MS = 600_000

/** Null when the arguments are not a command. */
export function parseArguments(args: readonly string[], cwd: string): ControlRequest | null {
  const [verb, name, path, ...rest] = args
  if (rest.length > 0) return null
  if (verb === 'ps' && name === undefined) return { verb }
  if (name === undefined) return null
  if (verb === 'stop' && path === undefined) return { verb, name }
  if (verb !== 'start') return null
  const absolute = path === undefined || isAbsolute(path) ? path : resolvePath(cwd, path)
  return { verb, name, path: absolute ?? null }
}

/** Asks the running agent; resolves to the JSON it answers. */
export async function askAgent(socketPath: string, order: ControlRequest) {
  const { promise, resolve, reject } = Promise.withResolvers<{ isOk: boolean; text: string }>()
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const outgoing = request({ socketPath, path: '/', method: 'POST', signal }, (response) => {
    let text = ''
    response.setEncoding('utf8')
    response.on('data', (chunk: string) => {
      text += chunk
    })
    response.on('end', () => resolve({ isOk: response.statusCode === 200, text }))
  })
  outgoing.once('error', reject)
  outgoing.end(JSON.stringify(order))
  return promise
}
