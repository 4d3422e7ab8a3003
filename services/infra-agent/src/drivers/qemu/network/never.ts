import { overlap, parseNetwork } from '../../../host/ipv4.ts'

/** What no setting opens: this host, links with their metadata services, and many at once. */
export const NEVER = ['0.0.0.0/8', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/3'] as const

const isSet = <T>(value: T | null): value is T => value !== null
const networks = NEVER.map(parseNetwork).filter(isSet)

export function isNever(address: string): boolean {
  const one = parseNetwork(address)
  return one === null || networks.some((network) => overlap(network, one))
}
