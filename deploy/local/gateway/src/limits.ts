/** Every bound of the gateway, with its reason. */

/** A route file of the agent is about 1 KiB per router; anything this big is not one. */
export const ROUTE_FILE_BYTES_MAX = 256 * 1024
/** Far above the machines one host can run; a folder beyond it is somebody's mistake. */
export const ROUTE_FILES_MAX = 2_000
/** A missed file-system event heals within this. */
export const RESCAN_EVERY_MS = 1_000
/** A request for an unknown host looks at the folder again, but a flood of them only so often. */
export const RESCAN_ON_MISS_EVERY_MS = 100

/** The access check is local to the host; slower than this it counts as down. */
export const AUTH_TIMEOUT_MS = 5_000
/** The refusal of an access check is a small page; more is not held in memory. */
export const AUTH_BODY_BYTES_MAX = 256 * 1024

/** How long the first requests to a machine that is just booting are held. */
export const HOLD_MS = 10_000
export const HOLD_RETRY_EVERY_MS = 100
/** One TCP connect on this machine or its bridge; beyond it the machine is not there. */
export const CONNECT_TIMEOUT_MS = 5_000

/** Longer than any quiet time of an editor tab that its user comes back to. */
export const IDLE_MS = 2 * 3_600_000
/** Keeps connection trackers on the way awake and finds dead peers. */
export const TCP_KEEPALIVE_MS = 30_000

export const CONNECTIONS_MAX = 4_096
/** VS Code's own requests stay below 8 KiB; cookies of user programs may be large. */
export const HEADER_BYTES_MAX = 64 * 1024
/** Time to send all headers: a trickle of bytes must not hold a connection. */
export const HEADERS_TIMEOUT_MS = 20_000
export const KEEP_ALIVE_TIMEOUT_MS = 75_000
/** On shutdown, running requests get this long before their connections are cut. */
export const CLOSE_GRACE_MS = 2_000
