import { isIPv4 } from 'node:net'

const BITS = 32

/** A range of IPv4 addresses; `base` is its first. */
export interface Network {
  readonly base: number
  readonly prefix: number
}

const sizeOf = ({ prefix }: Network): number => 2 ** (BITS - prefix)

export function numberOf(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

export function addressOf(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255).join('.')
}

/** Null for anything but `a.b.c.d/n` (or one address), and for a base that is not the first. */
export function parseNetwork(text: string): Network | null {
  const [address = '', length = String(BITS), ...rest] = text.split('/')
  if (!isIPv4(address) || !/^\d{1,2}$/.test(length) || rest.length > 0) return null
  const network = { base: numberOf(address), prefix: Number(length) }
  if (network.prefix > BITS || network.base % sizeOf(network) !== 0) return null
  return network
}

/** The network that an address of this length of prefix lies in. */
export function networkAround(address: string, prefix: number): Network {
  const size = 2 ** (BITS - prefix)
  return { base: Math.floor(numberOf(address) / size) * size, prefix }
}

export function textOf({ base, prefix }: Network): string {
  return `${addressOf(base)}/${prefix}`
}

export function overlap(one: Network, other: Network): boolean {
  return one.base < other.base + sizeOf(other) && other.base < one.base + sizeOf(one)
}
