import { request } from 'node:http'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { type GuestMessage, guestMessage } from '@vessel/proto/guest/messages'
import { HEADERS } from '@vessel/proto/headers'
import { parseJson } from '@vessel/proto/parse'
import type { TestGuest } from './guest.ts'

export interface TestStream {
  /** Everything said so far; each line was checked against the contract. */
  readonly messages: readonly GuestMessage[]
  ofType<T extends GuestMessage['type']>(type: T): Extract<GuestMessage, { type: T }>[]
  close(): void
}

export function openStream(guest: Pick<TestGuest, 'port' | 'config'>): TestStream {
  const messages: GuestMessage[] = []
  let rest = ''
  const outgoing = request({
    ...{ host: '127.0.0.1', port: guest.port, agent: false, ...GUEST_ROUTES.stream },
    headers: { [HEADERS.guestToken]: guest.config.token },
  })
  outgoing.on('error', () => undefined)
  outgoing.once('response', (response) => {
    response.on('error', () => undefined)
    response.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) messages.push(parseJson(guestMessage, line))
    })
  })
  outgoing.end()
  return {
    messages,
    ofType: (type) =>
      messages.filter((each) => each.type === type) as Extract<
        GuestMessage,
        { type: typeof type }
      >[],
    close: () => outgoing.destroy(),
  }
}
