/** HTTP headers and cookies of Vessel's own. The VM's programs never see any of them. */
export const HEADERS = {
  /** Opens the guest agent: a secret per session, set by the gateway after the access check. */
  guestToken: 'x-vessel-guest-token',
  /** What in the VM is meant: `ide` or `port:<number>`. Set with the token, never by a client. */
  target: 'x-vessel-target',
  /** Who it is (`VisitorId`), so that what they have open can be ended. Set with the token. */
  visitor: 'x-vessel-visitor',
  sha256: 'x-vessel-sha256',
  entries: 'x-vessel-entries',
  unpackedBytes: 'x-vessel-unpacked-bytes',
  archiveFormat: 'x-vessel-archive-format',
  /** Of a pack: by this name its maker remembers the archive as long as it lives. */
  archiveName: 'x-vessel-archive-name',
  /** The body is an `archive-delta` over the archive of this name. */
  archiveBase: 'x-vessel-archive-base',
} as const

/** On the workspace's own host: proves access to exactly this run. */
export const TICKET_COOKIE = '__Host-vessel_run'

/** Paths under it on a workspace host belong to Vessel, not to the IDE. */
export const VESSEL_PATH = '/_vessel'
export const ENTER_PATH = `${VESSEL_PATH}/enter`
/** A small page to go on to for who wants to be let in and not to load the IDE again. */
export const ENTERED_PATH = `${VESSEL_PATH}/entered`
/** What answers for every name that nothing runs under. */
export const ASLEEP_PATH = `${VESSEL_PATH}/asleep`
