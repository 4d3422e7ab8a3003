import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from '@jest/globals'
import { problem } from '@vessel/proto/http/problem'
import { startHttp } from './support/http-stack.ts'

function get(url: string, agent: Agent) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const sent = request(url, { agent }, async (response) => {
      resolve({ status: response.statusCode ?? 0, body: await text(response) })
    })
    sent.on('error', reject).end()
  })
}

describe('a server that is shutting down', () => {
  it('sends requests elsewhere and says so to probes, until its sockets are gone', async () => {
    let release = () => {}
    const drained = new Promise<void>((resolve) => {
      release = resolve
    })
    const stack = await startHttp({
      plugin: async (app) => void app.addHook('preClose', () => drained),
    })
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    try {
      expect((await get(`${stack.url}/healthz`, agent)).status).toBe(200)
      stack.down.push('shutting-down')
      const closed = stack.stop()
      const refused = await get(`${stack.url}/api/projects`, agent)
      expect(refused.status).toBe(503)
      expect(problem.parse(JSON.parse(refused.body))).toMatchObject({
        code: 'SHUTTING_DOWN',
        retryAfterMs: 1_000,
      })
      const ready = await get(`${stack.url}/readyz`, agent)
      expect([ready.status, JSON.parse(ready.body).down]).toEqual([503, ['shutting-down']])
      release()
      await closed
      await expect(get(`${stack.url}/healthz`, agent)).rejects.toThrow()
    } finally {
      release()
      agent.destroy()
    }
  })
})
