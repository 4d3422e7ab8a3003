import { request } from 'node:http'

/** A healthy IDE answers in milliseconds; a busy machine may need a little. */
const PROBE_MS = 2_000

/** Does the IDE answer 2xx on its socket? Never throws: not answering is an answer. */
export function probe(socketPath: string, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asking = request({ socketPath, path, agent: false, timeout: PROBE_MS }, (response) => {
      response.resume()
      const status = response.statusCode ?? 0
      resolve(status >= 200 && status < 300)
    })
    asking.on('timeout', () => asking.destroy())
    asking.on('error', () => resolve(false))
    asking.on('close', () => resolve(false))
    asking.end()
  })
}
