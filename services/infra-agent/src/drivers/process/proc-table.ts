import { readdir, readFile, readlink } from 'node:fs/promises'

/** One process as the kernel tells it. */
export interface ProcessRow {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Clock ticks since the host booted: with the pid, it names a process for good. */
  readonly startTicks: string
  readonly state: string
  readonly pidNamespace: string | null
  readonly environ: string
}

/**
 * The environment variable by which the processes of a boot are known. Its value is the boot id:
 * nobody outside knows it, and whoever else sets it only joins the tree that is going to be ended.
 */
export const BOOT_MARK = 'VESSEL_BOOT'

/**
 * Parses /proc/<pid>/stat. The name in it may hold blanks and parentheses, so it ends at the last.
 */
export function parseStat(text: string) {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return {
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTicks: fields[19] ?? '',
  }
}

/** Null when it is gone; a process may go at any line here. */
async function readRow(pid: number): Promise<ProcessRow | null> {
  try {
    const stat = parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'))
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '')
    const pidNamespace = await readlink(`/proc/${pid}/ns/pid`).catch(() => null)
    return { pid, ...stat, environ, pidNamespace }
  } catch {
    return null
  }
}

export async function readProcessTable(): Promise<ProcessRow[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number)
  const rows = await Promise.all(pids.map(readRow))
  return rows.filter((row) => row !== null && row.state !== 'Z') as ProcessRow[]
}

export async function startTicksOf(pid: number): Promise<string | null> {
  const row = await readRow(pid)
  return row && row.state !== 'Z' ? row.startTicks : null
}

export function markOf(row: ProcessRow): string | null {
  const found = row.environ.split('\0').find((entry) => entry.startsWith(`${BOOT_MARK}=`))
  return found ? found.slice(BOOT_MARK.length + 1) : null
}

/**
 * Everything that belongs to a boot: what carries its mark, what stands below such a process or in
 * its session or group, and all that lives in a PID namespace made for it. Never ourselves.
 */
export function membersOf(
  table: readonly ProcessRow[],
  boot: { mark: string; self: number },
): ProcessRow[] {
  const self = table.find((row) => row.pid === boot.self)
  const members = new Set<ProcessRow>(table.filter((row) => markOf(row) === boot.mark))
  const isOwn = (row: ProcessRow) => row.pid === boot.self || row.pid === 1
  for (let before = -1; before !== members.size; ) {
    before = members.size
    const pids = new Set([...members].map((row) => row.pid))
    const spaces = new Set(
      [...members].map((row) => row.pidNamespace).filter((ns) => ns !== self?.pidNamespace),
    )
    spaces.delete(null)
    for (const row of table) {
      const isBelow = pids.has(row.parent) || pids.has(row.session) || pids.has(row.group)
      const isInside = row.pidNamespace !== null && spaces.has(row.pidNamespace)
      if ((isBelow || isInside) && !isOwn(row)) members.add(row)
    }
  }
  return [...members].filter((row) => !isOwn(row))
}
