/** A hole in a boot's numbering, both ends included. */
export interface Hole {
  readonly from: number
  readonly to: number
}

/** Where a reader stands in each boot of a session. Boots are few: one per attempt to start. */
export type Heads = Map<string, number>

export type Verdict =
  /** In order. With `hole`, the numbers before it are missing. */
  | { readonly kind: 'next'; readonly hole: Hole | null }
  /** It was missing and has come late: it is shown, and the hole is smaller. */
  | { readonly kind: 'late' }
  | { readonly kind: 'duplicate' }

/** Open holes remembered per boot. Beyond it a late item counts as a duplicate. */
const HOLES_MAX = 100

/**
 * Judges each item of a log by its stamp: is it new, is something missing before it, was it seen?
 * The agent numbers without holes, so every loss and every doubling is visible here.
 */
export class Sequencer {
  readonly heads: Heads
  readonly #holes = new Map<string, Hole[]>()

  constructor(heads: Heads = new Map()) {
    this.heads = heads
  }

  take(bootId: string, seq: number): Verdict {
    const head = this.heads.get(bootId) ?? 0
    if (seq > head) {
      this.heads.set(bootId, seq)
      if (seq === head + 1) return { kind: 'next', hole: null }
      const hole = { from: head + 1, to: seq - 1 }
      this.#remember(bootId, hole)
      return { kind: 'next', hole }
    }
    return this.#fill(bootId, seq) ? { kind: 'late' } : { kind: 'duplicate' }
  }

  #remember(bootId: string, hole: Hole): void {
    const holes = this.#holes.get(bootId) ?? []
    holes.push(hole)
    if (holes.length > HOLES_MAX) holes.shift()
    this.#holes.set(bootId, holes)
  }

  #fill(bootId: string, seq: number): boolean {
    const holes = this.#holes.get(bootId)
    const at = holes?.findIndex((hole) => seq >= hole.from && seq <= hole.to) ?? -1
    const hole = holes?.[at]
    if (!holes || !hole) return false

    const rest: Hole[] = []
    if (hole.from < seq) rest.push({ from: hole.from, to: seq - 1 })
    if (seq < hole.to) rest.push({ from: seq + 1, to: hole.to })
    holes.splice(at, 1, ...rest)
    return true
  }
}
