import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES } from '@vessel/proto/guest/api'
import { HEADERS } from '@vessel/proto/headers'
import { startGuest, type TestGuest } from './helpers/guest.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

/** Several times what a socket holds, so that the pack has to wait for its reader. */
const NOISE_BYTES = 24 * 1024 ** 2
/** What a pack sends is in memory that is used again as soon as it was sent. */
describe('a reader that is slower than the pack', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
    await guest.hydrate(Buffer.alloc(0))
    writeFileSync(join(guest.config.workspaceDir, 'noise.bin'), randomBytes(NOISE_BYTES))
  })
  afterEach(() => guest.stop())

  const pack = async (format: string): Promise<IncomingMessage> => {
    const headers = { [HEADERS.guestToken]: guest.config.token }
    const { port } = guest
    const asked = request({ host: '127.0.0.1', port, headers, agent: false, ...GUEST_ROUTES.pack })
    asked.end(JSON.stringify({ format, ignore: [] }))
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    return response
  }

  it.each(['zip', 'tar.zst'])('gets the %s as it was made', async (format) => {
    const response = await pack(format)
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of response) {
      hash.update(chunk as Buffer)
      bytes += (chunk as Buffer).length
      await setImmediate()
    }
    expect(bytes).toBeGreaterThan(NOISE_BYTES)
    expect(hash.digest('hex')).toBe(response.trailers[HEADERS.sha256])
  })
})
