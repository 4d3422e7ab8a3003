/** 4000–4499: reconnect. 4500–4999: do not. A client needs no other knowledge of a code. */
export const CLOSE_CODES = {
  /** The server is restarting; the client is spread over time. */
  goingAway: 4000,
  /** No sign of life for two heartbeats. */
  dead: 4001,
  /** More than 1 MiB was waiting to be read. */
  slow: 4008,
  /** The token ran out and was not refreshed. */
  expired: 4005,
  /** Too many connections on this server or of this user. */
  overloaded: 4009,
  /** No valid `auth` frame within 10 s. */
  unauthenticated: 4500,
  /** Access was taken back: the login was ended, or it is somebody else's now. */
  revoked: 4501,
  /** Something that is not a frame of this protocol. */
  badFrame: 4502,
  /** The page is of another protocol version. */
  version: 4503,
  /** A frame above the size limit. */
  tooLarge: 4504,
  /** Commands faster than the limit, and on and on. */
  flood: 4505,
} as const
export type CloseReason = keyof typeof CLOSE_CODES

export function mayReconnect(code: number): boolean {
  return code < 4500 || code > 4999
}
