import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { type ErrorCode, VesselError } from '@vessel/proto/errors'
import { PROBLEM_CONTENT_TYPE } from '@vessel/proto/http/problem'
import { problemOf } from './problem.ts'

const CODES: Readonly<Record<string, ErrorCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'TIMEOUT',
}

/** What is not HTTP never becomes a request; it is answered by hand, and the line is cut. */
export function answerMalformed(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const fault = new VesselError(CODES[error.code ?? ''] ?? 'BAD_REQUEST')
  const problem = problemOf(fault, { path: '*', traceId: randomBytes(16).toString('hex') })
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    `Content-Type: ${PROBLEM_CONTENT_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
