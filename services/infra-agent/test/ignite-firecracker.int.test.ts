import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createPlainServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { setVmmState, vmmState } from '../src/drivers/ignite/firecracker.ts'
import { Cleanup, until } from './support/processes.ts'

const cleanup = new Cleanup()
afterEach(() => cleanup.run())

const socketIn = async () => join(await cleanup.folder(), 'firecracker.sock')

/** A server like Firecracker's: one answer for every question, and the questions kept. */
async function serve(answer: { status: number; body: string }) {
  const socket = await socketIn()
  const asked: { question: IncomingMessage; body: string }[] = []
  const server = createServer((question, response) => {
    let body = ''
    question.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    question.once('end', () => {
      asked.push({ question, body })
      response.writeHead(answer.status).end(answer.body)
    })
  }).listen(socket)
  await once(server, 'listening')
  cleanup.add(() => server.close())
  return { socket, asked }
}

describe('the state of a machine', () => {
  it.each([
    ['running', 'Running'],
    ['paused', 'Paused'],
    ['starting', 'Not started'],
  ])('is %s when Firecracker says so', async (state, said) => {
    const { socket } = await serve({ status: 200, body: JSON.stringify({ id: 'x', state: said }) })
    expect(await vmmState(socket)).toBe(state)
  })

  it('is dead when there is no socket, or one that nobody listens on', async () => {
    const socket = await socketIn()
    expect(await vmmState(socket)).toBe('dead')
    const listen = 'require("node:net").createServer().listen(process.argv[1])'
    const child = spawn(process.execPath, ['-e', listen, socket], { stdio: 'ignore' })
    await until('it listens', async () => (await vmmState(socket)) === 'silent')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(existsSync(socket)).toBe(true)
    expect(await vmmState(socket)).toBe('dead')
  })

  it('is silent, which is not dead, when somebody listens and does not answer', async () => {
    const socket = await socketIn()
    const server = createPlainServer().listen(socket)
    await once(server, 'listening')
    const connections = new Set<{ destroy(): void }>()
    server.on('connection', (connection) => connections.add(connection))
    cleanup.add(() => {
      for (const connection of connections) connection.destroy()
      server.close()
    })
    expect(await vmmState(socket)).toBe('silent')
  })
})

describe('a change of state', () => {
  it('is sent with the length by which Firecracker reads a body', async () => {
    const { socket, asked } = await serve({ status: 204, body: '' })
    await setVmmState(socket, 'Paused')
    const [{ question, body } = { question: null, body: '' }] = asked
    expect(body).toBe('{"state":"Paused"}')
    expect(question?.headers['content-length']).toBe(String(body.length))
    expect(question?.headers['transfer-encoding']).toBeUndefined()
  })

  it('that is refused is told in its words', async () => {
    const { socket } = await serve({ status: 400, body: '{"fault_message":"not started"}' })
    await expect(setVmmState(socket, 'Resumed')).rejects.toThrow(/not started/)
  })
})
