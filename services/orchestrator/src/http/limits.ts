/** "Keep awake" without saying for how long: a long lunch. */
export const DEFAULT_KEEP_AWAKE_MS = 3_600_000
/** The slowest upload that is waited for. */
export const REQUEST_TIMEOUT_MS = 600_000
export const HEADERS_TIMEOUT_MS = 15_000
/** Ids, slugs and codes are all shorter. */
export const PARAM_CHARS_MAX = 200
