/** Spoken by this build. Raised when a message changes meaning, never for a new field. */
export const PROTOCOL_VERSION = 1

/** Messages of this version and newer are still understood. One release apart must always work. */
export const PROTOCOL_VERSION_MIN = 1

/** First token pair of every NATS subject. */
export const SUBJECT_ROOT = 'vessel.v1'

/** WebSocket subprotocol a browser must offer. */
export const WS_SUBPROTOCOL = 'vessel.v1'

export const PROTOCOL_REFUSALS = {
  clientTooOld: 'This page is older than the server. Reload it.',
  serverTooOld: 'The server is older than this page. Try again in a minute.',
} as const
export type ProtocolRefusal = keyof typeof PROTOCOL_REFUSALS
