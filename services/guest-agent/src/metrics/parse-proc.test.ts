import { describe, expect, it } from '@jest/globals'
import * as fixture from './fixtures.ts'
import {
  parseCpu,
  parseDiskIo,
  parseListening,
  parseLoad,
  parseMemory,
  parseNetwork,
  parseOsRelease,
  parseProcessStat,
  parseUptime,
} from './parse-proc.ts'
import { descendants } from './session-processes.ts'
import { ioRates, memoryUsage, usagePercent } from './system-metrics.ts'
import { applicationUsage, busiest, processUsage } from './usage.ts'

describe('the numbers of /proc', () => {
  it('give busy and total time of each CPU', () => {
    const { all, cores } = parseCpu(fixture.STAT)
    expect(all).toEqual({ busy: 85_260, total: 527_110 })
    expect(cores).toHaveLength(2)
    expect(usagePercent({ busy: 10, total: 100 }, { busy: 35, total: 200 })).toBe(25)
    expect(usagePercent(undefined, { busy: 35, total: 200 })).toBe(0)
    expect(usagePercent({ busy: 35, total: 200 }, { busy: 10, total: 100 })).toBe(0)
  })

  it('give memory that is used as what is not available', () => {
    expect(memoryUsage(parseMemory(fixture.MEMINFO))).toEqual({
      ...{ total_kb: 24_684_100, available_kb: 24_022_244, used_kb: 661_856 },
      ...{ swap_total_kb: 1_000, swap_used_kb: 400 },
    })
    expect(memoryUsage({})).toMatchObject({ total_kb: 0, used_kb: 0 })
  })

  it('give the network without the loopback', () => {
    expect(parseNetwork(fixture.NET_DEV)).toEqual([
      {
        ...{ interface: 'eth0', bytes_received: 123_456, packets_received: 789 },
        ...{ bytes_sent: 65_432, packets_sent: 321 },
      },
    ])
  })

  it('give disk bytes of whole disks only, as rates between two samples', () => {
    const io = parseDiskIo(fixture.DISKSTATS)
    expect(io).toEqual({ readBytes: 3_000 * 512, writtenBytes: 7_000 * 512 })
    const before = { atMs: 0, io: { readBytes: 0, writtenBytes: 7_000 * 512 } }
    expect(ioRates(before, { atMs: 2_000, io })).toEqual({
      read_bytes_per_sec: 1_500 * 512,
      write_bytes_per_sec: 0,
    })
    expect(ioRates({ atMs: 5, io }, { atMs: 5, io })).toMatchObject({ read_bytes_per_sec: 0 })
  })

  it('give load and uptime', () => {
    expect(parseLoad('0.82 0.28 0.10 1/123 456\n')).toEqual([0.82, 0.28, 0.1])
    expect(parseUptime('2100.55 4000.01\n')).toBe(2100.55)
  })

  it('give a process, whatever it calls itself', () => {
    expect(parseProcessStat(fixture.PROCESS_STAT)).toEqual({
      ...{ pid: 4242, parent: 17, name: 'a) (b' },
      ...{ cpuTicks: 30, startTicks: 5_555, residentPages: 321, terminal: 0 },
    })
    expect(parseProcessStat('')).toBeUndefined()
  })

  it('give the ports someone listens on', () => {
    expect(parseListening(fixture.NET_TCP)).toEqual([{ port: 3_000, inode: '98765' }])
    expect(parseListening(fixture.NET_TCP6)).toEqual([{ port: 8_080, inode: '4711' }])
  })

  it('give the name of the system', () => {
    const text = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n'
    expect(parseOsRelease(text)).toEqual({
      os: 'debian',
      version: 'Debian GNU/Linux 12 (bookworm)',
    })
    expect(parseOsRelease('')).toEqual({ os: 'linux', version: 'unknown' })
  })
})

describe('the use by processes', () => {
  const process = (pid: number, parent: number, cpuTicks = 0) => ({
    ...{ pid, parent, cpuTicks, name: 'node', startTicks: pid, residentPages: 10, terminal: 0 },
  })

  it('is what each used since the last look, in percent of a core', () => {
    const before = { atMs: 0, processes: [process(1, 0, 100)] }
    const now = { atMs: 5_000, processes: [process(1, 0, 350), process(2, 1, 9_000)] }
    expect(processUsage(before, now)).toEqual([
      { pid: 1, name: 'node', cpu_percent: 50, memory_kb: 40 },
      { pid: 2, name: 'node', cpu_percent: 0, memory_kb: 40 },
    ])
  })

  it('adds up by name and shows the busiest first', () => {
    const row = (name: string, cpu_percent: number) => ({ pid: 1, name, cpu_percent, memory_kb: 5 })
    const rows = [row('node', 1.1), row('git', 9), row('node', 2.2)]
    expect(applicationUsage(rows)).toEqual([
      { name: 'git', process_count: 1, cpu_percent: 9, memory_kb: 5 },
      { name: 'node', process_count: 2, cpu_percent: 3.3, memory_kb: 10 },
    ])
    expect(busiest(Array.from({ length: 80 }, (_, n) => row('x', n)))).toHaveLength(50)
  })

  it('counts children and their children', () => {
    const all = [process(10, 1), process(11, 10), process(12, 11), process(13, 1)]
    expect([...descendants(all, 10)].sort()).toEqual([11, 12])
  })
})
