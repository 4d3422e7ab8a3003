import { readFile } from 'node:fs/promises'
import type { GuestMessage } from '@vessel/proto/guest/messages'
import { type ProcessStat, parseListening } from '../metrics/parse-proc.ts'
import { socketInodes } from '../metrics/session-processes.ts'

type Ports = Extract<GuestMessage, { type: 'port_usage' }>['ports']

const PORTS_MAX = 200

/** TCP ports the session's own programs listen on; ours is none of them. */
export async function listPorts(
  processes: readonly ProcessStat[],
  ownPort: number,
): Promise<Ports> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'latin1').catch(() => '')),
  )
  const listening = tables.flatMap(parseListening)
  if (listening.length === 0) return []
  const owners = new Map<string, string>()
  for (const { pid, name } of processes) {
    for (const inode of await socketInodes(pid)) owners.set(inode, name)
  }
  const byPort = new Map<number, string>()
  for (const { port, inode } of listening) {
    const owner = owners.get(inode)
    if (owner !== undefined && port !== ownPort) byPort.set(port, owner)
  }
  return [...byPort]
    .sort(([a], [b]) => a - b)
    .slice(0, PORTS_MAX)
    .map(([port, process]) => ({ port, process }))
}
