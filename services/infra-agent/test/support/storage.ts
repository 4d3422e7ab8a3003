import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Cleanup } from './processes.ts'

/** What the next upload meets. */
export type StorageFault = 'refuse' | 'cut' | 'hang-after-store' | 'forbidden'

export interface Storage {
  readonly url: string
  readonly objects: Map<string, Buffer>
  readonly faults: StorageFault[]
  readonly requests: string[]
}

interface TusUpload {
  key: string
  length: number
  body: Buffer
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Signed PUT, signed GET and TUS as the agent meets them, with faults on demand. */
export async function startStorage(cleanup: Cleanup): Promise<Storage> {
  const objects = new Map<string, Buffer>()
  const faults: StorageFault[] = []
  const requests: string[] = []
  const uploads = new Map<string, TusUpload>()

  const takeFault = (request: IncomingMessage, response: ServerResponse) => {
    const fault = faults.shift()
    if (fault === 'refuse') response.writeHead(503).end('busy')
    else if (fault === 'forbidden') response.writeHead(403).end('expired')
    else if (fault === 'cut') request.socket.destroy()
    return fault
  }

  async function put(key: string, request: IncomingMessage, response: ServerResponse) {
    const fault = takeFault(request, response)
    if (fault && fault !== 'hang-after-store') return
    if (objects.has(key)) return response.writeHead(409).end('{"error":"Duplicate"}')
    objects.set(key, await readBody(request))
    if (fault === 'hang-after-store') return request.socket.destroy()
    response.writeHead(200).end('{}')
  }

  async function tus(request: IncomingMessage, response: ServerResponse) {
    const id = (request.url ?? '').replace('/tus', '').replace('/', '')
    if (request.method === 'POST') {
      const meta = new Map(
        String(request.headers['upload-metadata'])
          .split(',')
          .map((pair) => pair.split(' ') as [string, string]),
      )
      const key = Buffer.from(meta.get('objectName') ?? '', 'base64').toString()
      const made = createHash('sha1').update(`${key}${uploads.size}`).digest('hex')
      uploads.set(made, {
        key,
        length: Number(request.headers['upload-length']),
        body: Buffer.alloc(0),
      })
      return response.writeHead(201, { location: `/tus/${made}` }).end()
    }
    const upload = uploads.get(id)
    if (!upload) return response.writeHead(404).end()
    if (request.method === 'HEAD') {
      return response.writeHead(200, { 'upload-offset': String(upload.body.length) }).end()
    }
    if (takeFault(request, response)) return
    upload.body = Buffer.concat([upload.body, await readBody(request)])
    if (upload.body.length === upload.length) objects.set(upload.key, upload.body)
    response.writeHead(204, { 'upload-offset': String(upload.body.length) }).end()
  }

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    requests.push(`${request.method} ${path.split('?')[0]}`)
    const key = decodeURIComponent(path.replace('/object/', '').split('?')[0] ?? '')
    const answered = path.startsWith('/tus') ? tus(request, response) : null
    if (answered) return void answered.catch(() => response.destroy())
    if (request.method === 'PUT')
      return void put(key, request, response).catch(() => response.destroy())
    const object = objects.get(key)
    if (!object) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-length': object.length }).end(object)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  cleanup.add(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, objects, faults, requests }
}
