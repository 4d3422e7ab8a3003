import type { GuestMessage } from '@vessel/proto/guest/messages'
import type { ProcessStat } from './parse-proc.ts'

type Processes = Extract<GuestMessage, { type: 'process_snapshot' }>['processes']
type Applications = Extract<GuestMessage, { type: 'application_usage' }>['applications']

/** The contract's bound; the busiest are what a person looks for. */
const ROWS_MAX = 50
/** USER_HZ, which Linux fixes at 100 for what it tells programs. */
const TICKS_PER_SECOND = 100
const PAGE_KIB = 4

export interface ProcessSample {
  readonly atMs: number
  readonly processes: readonly ProcessStat[]
}

const keyOf = (process: ProcessStat) => `${process.pid}.${process.startTicks}`

/** CPU of each process since the last sample, in percent of one core. */
export function processUsage(before: ProcessSample | undefined, now: ProcessSample): Processes {
  const seconds = (now.atMs - (before?.atMs ?? now.atMs)) / 1_000
  const ticksBefore = new Map(before?.processes.map((each) => [keyOf(each), each.cpuTicks]))
  return now.processes.map((process) => {
    const ticks = process.cpuTicks - (ticksBefore.get(keyOf(process)) ?? process.cpuTicks)
    const share = seconds <= 0 ? 0 : ticks / TICKS_PER_SECOND / seconds
    return {
      pid: process.pid,
      name: process.name,
      cpu_percent: Math.max(0, Math.round(share * 1_000) / 10),
      memory_kb: process.residentPages * PAGE_KIB,
    }
  })
}

export function busiest<T extends { cpu_percent: number; memory_kb: number }>(rows: T[]): T[] {
  const sorted = rows.toSorted((a, b) => b.cpu_percent - a.cpu_percent || b.memory_kb - a.memory_kb)
  return sorted.slice(0, ROWS_MAX)
}

/** Processes of one name are one application to a person. */
export function applicationUsage(processes: Processes): Applications {
  const byName = new Map<string, Applications[number]>()
  for (const { name, cpu_percent, memory_kb } of processes) {
    const known = byName.get(name) ?? { name, process_count: 0, cpu_percent: 0, memory_kb: 0 }
    byName.set(name, {
      name,
      process_count: known.process_count + 1,
      cpu_percent: Math.round((known.cpu_percent + cpu_percent) * 10) / 10,
      memory_kb: known.memory_kb + memory_kb,
    })
  }
  return busiest([...byName.values()])
}
