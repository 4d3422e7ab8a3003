import { describe, expect, it } from '@jest/globals'
import type { SocketState } from '../../live/types.ts'
import { connectionWords } from './connection-words.ts'

const status = (state: SocketState, attempt = 0) => ({
  state,
  attempt,
  retryAtMs: null,
  closeCode: null,
  latencyMs: null,
  userId: null,
  isAdmin: false,
})

describe('the connection light', () => {
  it.each([
    ['connected', 0, 'green', 'Live'],
    ['connecting', 0, 'yellow', 'Connecting'],
    ['reconnecting', 1, 'yellow', 'Reconnecting'],
    ['reconnecting', 9, 'red', 'Reconnecting'],
    ['offline', 0, 'red', 'Offline'],
    ['closed', 0, 'red', 'Disconnected'],
  ] as const)('%s after %d attempts is %s: %s', (state, attempt, colour, label) => {
    expect(connectionWords(status(state, attempt))).toMatchObject({ colour, label })
  })
})
