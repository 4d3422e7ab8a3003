import type { ServerResponse } from 'node:http'
import { ERRORS, VesselError } from '@vessel/proto/errors'

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
  })
  response.end(text)
}

/** Every refusal of ours looks the same: the code's status and its shape. */
export function sendError(response: ServerResponse, thrown: unknown): void {
  const error = VesselError.from(thrown)
  if (response.headersSent) {
    // The answer has begun, so the only honest thing left is to break it off.
    response.destroy()
    return
  }
  sendJson(response, ERRORS[error.code].status, error.toShape())
}
