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
    { state: 'connected', attempt: 0, colour: 'green', label: 'Live' },
    { state: 'connecting', attempt: 0, colour: 'yellow', label: 'Connecting' },
    { state: 'reconnecting', attempt: 1, colour: 'yellow', label: 'Reconnecting' },
    { state: 'reconnecting', attempt: 9, colour: 'red', label: 'Reconnecting' },
    { state: 'offline', attempt: 0, colour: 'red', label: 'Offline' },
    { state: 'closed', attempt: 0, colour: 'red', label: 'Disconnected' },
  ] as const)('$state after $attempt attempts is $colour: $label', (expected) => {
    const { state, attempt, colour, label } = expected
    expect(connectionWords(status(state, attempt))).toMatchObject({ colour, label })
  })
})
