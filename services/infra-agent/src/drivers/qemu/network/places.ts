import type { BootId } from '@vessel/proto/ids'
import { addressOf, type Network, overlap } from '../../../host/ipv4.ts'

/** Taps of every agent of a host; what comes from one is never forwarded to another. */
export const TAP_PREFIX = 'vsl'
/** Two addresses for use: the host's end and the machine's. */
export const PLACE_PREFIX = 30
const PLACE_SIZE = 4

/** A machine's own network: one of the many that the configured range is cut into. */
export interface Place {
  readonly tap: string
  readonly network: Network
  /** The host's end. */
  readonly gateway: string
  readonly address: string
}

export function placeWith(tap: string, network: Network): Place {
  const { base } = network
  return { tap, network, gateway: addressOf(base + 1), address: addressOf(base + 2) }
}

export interface Taken {
  readonly names: ReadonlySet<string>
  readonly networks: readonly Network[]
}

/**
 * Where the search for a place begins depends on the boot, so that an address comes back late: what
 * was on its way to the machine before must not reach the next one.
 */
export function freePlace(boot: BootId, range: Network, taken: Taken): Place | null {
  const count = 2 ** (PLACE_PREFIX - range.prefix)
  const first = Number.parseInt(boot.slice(-8), 16) % count
  for (let step = 0; step < count; step += 1) {
    const index = (first + step) % count
    const network = { base: range.base + index * PLACE_SIZE, prefix: PLACE_PREFIX }
    const place = placeWith(`${TAP_PREFIX}${index}`, network)
    const isTaken =
      taken.names.has(place.tap) || taken.networks.some((other) => overlap(other, place.network))
    if (!isTaken) return place
  }
  return null
}
