import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly trailers: NodeJS.Dict<string>
  readonly body: Buffer
  readonly text: string
}

export interface Ask {
  readonly port: number
  readonly method?: string
  readonly path?: string
  readonly headers?: OutgoingHttpHeaders
  readonly body?: Uint8Array | string
}

/** One request over a connection of its own. Rejects when the answer is broken off. */
export function ask(wanted: Ask): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port, method = 'GET', path = '/', headers = {}, body } = wanted
    const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () => {
        const all = Buffer.concat(chunks)
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          trailers: response.trailers,
          body: all,
          text: all.toString('utf8'),
        })
      })
    })
    outgoing.end(body)
  })
}
