import { isIPv4 } from 'node:net'
import { readIfThere } from '../../../host/files.ts'
import { isNever } from './never.ts'

/** systemd-resolved stands in for the real ones in the first and names them in the second. */
const FILES = ['/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'] as const
/** What a resolver reads at most. */
const SERVERS_MAX = 3

export function parseResolvers(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const address = /^\s*nameserver\s+(\S+)/.exec(line)?.[1]
    return address && isIPv4(address) ? [address] : []
  })
}

/** A machine never reaches the host, so a name server on the host is none for it. */
export function usableResolvers(servers: readonly string[], own: ReadonlySet<string>): string[] {
  const usable = servers.filter((server) => !isNever(server) && !own.has(server))
  return [...new Set(usable)].slice(0, SERVERS_MAX)
}

/** The host's own name servers, from the first file that has one for machines. */
export async function hostResolvers(own: ReadonlySet<string>): Promise<string[]> {
  for (const file of FILES) {
    const usable = usableResolvers(parseResolvers((await readIfThere(file)) ?? ''), own)
    if (usable.length > 0) return usable
  }
  return []
}
