import type { Bid } from '@vessel/proto/placement'

/**
 * Best first: a machine that is warm, then files that are there already, then the most room. Equal
 * hosts take turns by the session's id, so that orchestrators do not all choose the same.
 */
export function rankBids(bids: readonly Bid[], random: () => number): Bid[] {
  const scored = bids.map((bid) => ({ bid, score: scoreOf(bid), tie: random() }))
  return scored.sort((a, b) => b.score - a.score || a.tie - b.tie).map(({ bid }) => bid)
}

const WARM = 1_000_000_000
const CACHED = 100_000_000

function scoreOf(bid: Bid): number {
  const bonus = (bid.isWarm ? WARM : 0) + (bid.isArchiveCached ? CACHED : 0)
  // Memory is what runs out; processors are shared.
  return bonus + bid.memoryMibFree + Math.max(0, bid.cpuFree)
}
