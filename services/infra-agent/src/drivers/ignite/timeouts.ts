/** No call of a tool is without an end. Each is well above what was measured (facts §2, §3). */
export interface Timeouts {
  readonly lookMs: number
  /** Ignite itself gives up after two minutes, and so does the step that waits for it. */
  readonly runMs: number
  readonly startMs: number
  /** Seen to hang for more than 150 s behind a console nobody reads; twice fits into its step. */
  readonly removeMs: number
  readonly importMs: number
  /** It always takes one second, and once it has hung it hangs for ever. */
  readonly logsMs: number
  /** Of losetup, ctr and dmsetup. */
  readonly toolMs: number
  /** From a successful `run` until Firecracker says that the machine runs. */
  readonly proofMs: number
  readonly lockMs: number
}

export const TIMEOUTS: Timeouts = {
  lookMs: 15_000,
  runMs: 115_000,
  startMs: 115_000,
  removeMs: 20_000,
  importMs: 900_000,
  logsMs: 5_000,
  toolMs: 20_000,
  proofMs: 30_000,
  lockMs: 300_000,
}
