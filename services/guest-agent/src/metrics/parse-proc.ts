/** Pure readers of /proc; each takes the text of one file. The tests hold recorded ones. */

export interface CpuTimes {
  readonly busy: number
  readonly total: number
}

/** /proc/stat: all CPUs first, then each. Guest time is already in user time. */
export function parseCpu(text: string): { all: CpuTimes; cores: CpuTimes[] } {
  const cores: CpuTimes[] = []
  let all: CpuTimes = { busy: 0, total: 0 }
  for (const line of text.split('\n')) {
    const match = /^cpu(\d*)\s+(.*)$/.exec(line)
    if (!match) continue
    const times = (match[2] as string).split(/\s+/).map(Number).slice(0, 8)
    const total = times.reduce((sum, time) => sum + time, 0)
    const idle = (times[3] ?? 0) + (times[4] ?? 0)
    const parsed = { busy: total - idle, total }
    if (match[1] === '') all = parsed
    else cores.push(parsed)
  }
  return { all, cores }
}

/** /proc/meminfo, in KiB. */
export function parseMemory(text: string): Record<string, number> {
  const values: Record<string, number> = {}
  for (const line of text.split('\n')) {
    const match = /^(\w+):\s+(\d+)/.exec(line)
    if (match) values[match[1] as string] = Number(match[2])
  }
  return values
}

export interface NetworkCounters {
  readonly interface: string
  readonly bytes_received: number
  readonly bytes_sent: number
  readonly packets_received: number
  readonly packets_sent: number
}

/** /proc/net/dev, without the loopback: its traffic never leaves the machine. */
export function parseNetwork(text: string): NetworkCounters[] {
  const found: NetworkCounters[] = []
  for (const line of text.split('\n')) {
    const match = /^\s*([^:\s]+):\s*(.*)$/.exec(line)
    if (!match || match[1] === 'lo') continue
    const [, name, counters] = match as unknown as [string, string, string]
    const values = counters.trim().split(/\s+/).map(Number)
    found.push({
      interface: name.slice(0, 64),
      bytes_received: values[0] ?? 0,
      packets_received: values[1] ?? 0,
      bytes_sent: values[8] ?? 0,
      packets_sent: values[9] ?? 0,
    })
  }
  return found.slice(0, 32)
}

const SECTOR_BYTES = 512
/** Whole disks; their partitions would count everything twice. */
const WHOLE_DISK = /^(?:[shv]d[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/

/** /proc/diskstats: sums over all disks, in bytes. */
export function parseDiskIo(text: string): { readBytes: number; writtenBytes: number } {
  let readBytes = 0
  let writtenBytes = 0
  for (const line of text.split('\n')) {
    const fields = line.trim().split(/\s+/)
    if (!WHOLE_DISK.test(fields[2] ?? '')) continue
    readBytes += Number(fields[5] ?? 0) * SECTOR_BYTES
    writtenBytes += Number(fields[9] ?? 0) * SECTOR_BYTES
  }
  return { readBytes, writtenBytes }
}

export function parseLoad(text: string): [number, number, number] {
  const [one, five, fifteen] = text.split(' ').map(Number)
  return [one ?? 0, five ?? 0, fifteen ?? 0]
}

export function parseUptime(text: string): number {
  return Number(text.split(' ')[0])
}

export interface ProcessStat {
  readonly pid: number
  readonly parent: number
  readonly name: string
  /** Of user and system, in clock ticks. */
  readonly cpuTicks: number
  readonly startTicks: number
  readonly residentPages: number
  /** Device number of the controlling terminal; 0 without one. */
  readonly terminal: number
}

/** /proc/<pid>/stat. The name stands in brackets and may itself contain brackets and spaces. */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const open = text.indexOf('(')
  const close = text.lastIndexOf(')')
  if (open < 0 || close < open) return undefined
  const fields = text.slice(close + 2).split(' ')
  return {
    pid: Number(text.slice(0, open)),
    name: text.slice(open + 1, close).slice(0, 200),
    parent: Number(fields[1]),
    cpuTicks: Number(fields[11]) + Number(fields[12]),
    startTicks: Number(fields[19]),
    residentPages: Number(fields[21]),
    terminal: Number(fields[4]),
  }
}

const LISTENING = '0A'

/** /proc/net/tcp and tcp6: who listens, by port and socket inode. */
export function parseListening(text: string): { port: number; inode: string }[] {
  const found: { port: number; inode: string }[] = []
  for (const line of text.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/)
    if (fields[3] !== LISTENING) continue
    const port = Number.parseInt((fields[1] as string).split(':')[1] ?? '', 16)
    if (port > 0) found.push({ port, inode: fields[9] as string })
  }
  return found
}

/** /etc/os-release. */
export function parseOsRelease(text: string): { os: string; version: string } {
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(text)?.[1]
  return { os: value('ID') ?? 'linux', version: value('PRETTY_NAME') ?? 'unknown' }
}
