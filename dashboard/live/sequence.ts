import type { Gap } from './types.ts'

export type Judgement = 'next' | 'late' | 'seen' | 'hole'

/** Gaps remembered, so that what comes late can be told from what comes twice. */
const GAPS_MAX = 100

/** Follows the agent's numbering of each boot: nothing twice, nothing missing unnoticed. */
export class Sequence {
  readonly #heads = new Map<string, number>()
  #gaps: Gap[] = []

  /** 'hole': numbers before this one are missing and the server announced no gap. */
  judge(bootId: string, seq: number): Judgement {
    const head = this.#heads.get(bootId) ?? 0
    if (seq === head + 1) {
      this.#heads.set(bootId, seq)
      return 'next'
    }
    if (seq > head) return 'hole'
    return this.#takeFromGap(bootId, seq) ? 'late' : 'seen'
  }

  /** What is missing before a number. */
  holeBefore(bootId: string, seq: number): Gap {
    return { bootId, from: (this.#heads.get(bootId) ?? 0) + 1, to: seq - 1 }
  }

  /** False when all of it was known to be missing, or was received, before. */
  announce(gap: Gap): boolean {
    const head = this.#heads.get(gap.bootId) ?? 0
    if (gap.to <= head) return false
    this.#heads.set(gap.bootId, gap.to)
    this.#gaps = [...this.#gaps, gap].slice(-GAPS_MAX)
    return true
  }

  clear(): void {
    this.#heads.clear()
    this.#gaps = []
  }

  #takeFromGap(bootId: string, seq: number): boolean {
    const gap = this.#gaps.find((one) => one.bootId === bootId && seq >= one.from && seq <= one.to)
    if (!gap) return false
    const rest = [
      { bootId, from: gap.from, to: seq - 1 },
      { bootId, from: seq + 1, to: gap.to },
    ].filter(({ from, to }) => from <= to)
    this.#gaps = this.#gaps.flatMap((one) => (one === gap ? rest : [one]))
    return true
  }
}
