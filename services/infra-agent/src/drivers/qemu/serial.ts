import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

const RETRY_MS = 250
/** A line without an end is given on in pieces of this size. */
const LINE_CHARS_MAX = 16 * 1024

/** Follows a machine's serial console until aborted. What nobody listens to is not kept. */
export async function followSerial(
  socket: string,
  onLine: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await listen(socket, onLine, signal)
    await delay(RETRY_MS, undefined, { signal }).catch(() => undefined)
  }
}

function listen(
  socket: string,
  onLine: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    const stop = () => connection.destroy()
    signal.addEventListener('abort', stop, { once: true })
    let rest = ''
    connection.setEncoding('utf8')
    connection.on('data', (chunk: string) => {
      const lines = (rest + chunk).split(/\r*\n/)
      rest = lines.pop() ?? ''
      if (rest.length > LINE_CHARS_MAX) {
        lines.push(rest)
        rest = ''
      }
      for (const line of lines) if (line.trim() !== '') onLine(line)
    })
    // The machine is not up yet, or not any more: the caller looks again.
    connection.on('error', () => undefined)
    connection.on('close', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
  })
}
