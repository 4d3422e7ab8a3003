import type { ServerResponse } from 'node:http'

/**
 * Aborted when the client breaks the connection off before it was answered. By the response, since
 * a request is "closed" already when its body was read.
 */
export function clientSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController()
  const end = () => {
    if (!response.writableFinished) gone.abort()
  }
  if (response.destroyed) end()
  else response.once('close', end)
  return gone.signal
}
