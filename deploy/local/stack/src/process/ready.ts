import { connect } from 'node:net'

export type ReadyCheck = (signal: AbortSignal) => Promise<boolean>

/** Ready when this address answers 2xx. */
export function answersAt(url: string): ReadyCheck {
  return async (signal) => {
    const response = await fetch(url, { signal, redirect: 'manual' })
    await response.arrayBuffer()
    return response.ok
  }
}

/** Ready when the port greets a connection with these words (NATS), or answers ours (Redis). */
export function greetsAt(port: number, expected: string, question?: string): ReadyCheck {
  return (signal) =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1' })
      let heard = ''
      const finish = (isReady: boolean) => {
        signal.removeEventListener('abort', onAbort)
        socket.destroy()
        resolve(isReady)
      }
      const onAbort = () => finish(false)
      signal.addEventListener('abort', onAbort)
      socket.on('connect', () => question && socket.write(question))
      socket.on('data', (part) => {
        heard += part.toString('latin1')
        if (heard.includes(expected)) finish(true)
      })
      socket.on('error', () => finish(false))
      socket.on('end', () => finish(false))
    })
}
