import type { SocketStatus } from '../../live/types.ts'

export type LightColour = 'green' | 'yellow' | 'red'

export interface ConnectionWords {
  readonly colour: LightColour
  readonly label: string
  readonly hint: string
}

/** What the connection light says: green, yellow or red, and the same in words. */
export function connectionWords(status: SocketStatus): ConnectionWords {
  switch (status.state) {
    case 'connected':
      return { colour: 'green', label: 'Live', hint: 'Changes arrive as they happen.' }
    case 'connecting':
      return { colour: 'yellow', label: 'Connecting', hint: 'The live connection is being made.' }
    case 'reconnecting':
      return {
        colour: status.attempt > 3 ? 'red' : 'yellow',
        label: 'Reconnecting',
        hint: 'The live connection was cut. Meanwhile we ask every few seconds.',
      }
    case 'offline':
      return { colour: 'red', label: 'Offline', hint: 'This device has no network.' }
    case 'closed':
      return { colour: 'red', label: 'Disconnected', hint: 'Reload the page to connect again.' }
  }
}
