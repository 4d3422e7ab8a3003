import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

export interface Listener {
  readonly pid: number
  readonly command: string
}

const LISTEN_STATE = '0A'

function inodesListeningOn(port: number): Set<string> {
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readOrEmpty(table).split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      const [, local, , state] = fields
      if (local?.endsWith(`:${hexPort}`) && state === LISTEN_STATE) inodes.add(fields[9] ?? '')
    }
  }
  return inodes
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

function holdsOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  return filesOf(pid).some((fd) => {
    const [, inode = ''] = /^socket:\[(\d+)\]$/.exec(targetOf(`/proc/${pid}/fd/${fd}`)) ?? []
    return inodes.has(inode)
  })
}

function filesOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`)
  } catch {
    // Another user's process, or one that has just ended.
    return []
  }
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link)
  } catch {
    // Closed since it was listed, which says nothing about the others.
    return ''
  }
}

/** Who listens on a TCP port of this machine, as far as this user may see. */
export function findListener(port: number): Listener | null {
  const inodes = inodesListeningOn(port)
  if (inodes.size === 0) return null
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || !holdsOneOf(pid, inodes)) continue
    return { pid: Number(pid), command: readOrEmpty(`/proc/${pid}/comm`).trim() || 'unknown' }
  }
  return null
}
