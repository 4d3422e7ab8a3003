import { describe, expect, it } from '@jest/globals'
import { createMetrics } from './metrics.ts'

describe('the figures of a host', () => {
  it('say that the brake holds, until a look finds it loose', async () => {
    const metrics = createMetrics({ sessions: () => null, isConnected: () => true })
    metrics.noteOrphans({ count: 7, isBraked: true })
    const held = await metrics.registry.metrics()
    expect(held).toContain('vessel_agent_orphans 7')
    expect(held).toContain('vessel_agent_orphans_braked 1')
    metrics.noteOrphans({ count: 1, isBraked: false })
    expect(await metrics.registry.metrics()).toContain('vessel_agent_orphans_braked 0')
  })

  it('are all there before the agent has taken up its sessions', async () => {
    const metrics = createMetrics({ sessions: () => null, isConnected: () => false })
    const text = await metrics.registry.metrics()
    expect(text).toContain('vessel_agent_saves_failing 0')
    expect(text).toContain('vessel_agent_feed_unsent_items 0')
    expect(text).toContain('vessel_agent_bus_connected 0')
  })
})
