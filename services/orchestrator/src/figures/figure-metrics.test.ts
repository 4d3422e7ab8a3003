import { describe, expect, it } from '@jest/globals'
import { hostId } from '@vessel/proto/ids'
import { Registry } from 'prom-client'
import { type FigureSources, measureFigures } from './figure-metrics.ts'

const NOW = Date.parse('2026-01-01T00:10:00Z')
const capacity = {
  ...{ cpuTotal: 8, cpuReserved: 1, vmMax: 20 },
  ...{ memoryMibTotal: 4, memoryMibReserved: 1, diskMibTotal: 100, diskMibFree: 3 },
}
const host = (id: string) => ({
  ...{ id: hostId.parse(id), isAlive: true, isDraining: false, driver: 'qemu', isIsolated: true },
  ...{ agentVersion: '0.1.0', lastBeatAt: '2026-01-01T00:09:00Z', sessionCount: 2, capacity },
})
const figures = { counts: { ready: 7 }, queued: 2, queuedMsMax: 90_000, overdueMsMax: 1_500 }

function measure(sources: Partial<FigureSources>) {
  const registry = new Registry()
  measureFigures(registry, {
    hosts: () => [],
    figures: { latest: () => ({ figures, atMs: NOW - 5_000 }) },
    clock: { now: () => NOW },
    ...sources,
  })
  return registry
}

describe('the figures of an installation', () => {
  it('tell live sessions by state, the queue and what is late', async () => {
    const text = await measure({}).metrics()
    expect(text).toContain('vessel_sessions{state="ready"} 7')
    expect(text).toContain('vessel_sessions{state="saving"} 0')
    expect(text).not.toContain('state="stopped"')
    expect(text).toContain('vessel_sessions_queued 2')
    expect(text).toContain('vessel_sessions_queued_seconds_max 90')
    expect(text).toContain('vessel_sessions_overdue_seconds_max 1.5')
    expect(text).toContain(`vessel_sessions_read_timestamp_seconds ${NOW / 1_000 - 5}`)
  })

  it('say when they were read, so that a database that is away is seen as that', async () => {
    const text = await measure({ figures: { latest: () => null } }).metrics()
    expect(text).toContain('vessel_sessions_read_timestamp_seconds 0')
    expect(text).not.toContain('vessel_sessions{')
  })

  it('tell silence and room of each host, and nothing of one that left the list', async () => {
    const hosts = [host('h1'), host('h2')]
    const registry = measure({ hosts: () => hosts })
    const before = await registry.metrics()
    expect(before).toContain('vessel_host_silent_seconds{host="h1"} 60')
    expect(before).toContain('vessel_host_disk_free_bytes{host="h2"} 3145728')
    expect(before).toContain('vessel_host_memory_reserved_bytes{host="h1"} 1048576')
    hosts.pop()
    expect(await registry.metrics()).not.toContain('host="h2"')
  })
})
