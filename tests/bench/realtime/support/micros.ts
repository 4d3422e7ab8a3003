/** Microseconds of the machine's steady clock: the same for all processes on it. */
export function micros(): number {
  return Number(process.hrtime.bigint() / 1_000n)
}
