import type { CloseReason } from '@vessel/proto/browser/close-codes'
import { Counter, Gauge, type Registry } from 'prom-client'

/** Counted for every frame to every reader, so these are plain numbers until someone asks. */
export interface SentTally {
  frames: number
  gaps: number
  live: number
  replay: number
}

export interface HubMetrics {
  readonly sent: SentTally
  readonly holds: Counter
  readonly framesRefused: Counter<'code'>
  readonly closes: Counter<'reason'>
  readonly upgradesRefused: Counter<'why'>
}

export type CloseLabel = CloseReason | 'client'

export interface HubGauges {
  readonly connections: () => number
  readonly logs: () => number
  readonly ringBytes: () => number
}

export function createHubMetrics(registry: Registry, gauges: HubGauges): HubMetrics {
  const registers = [registry]
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('vessel_ws_connections', 'Open browser connections.', gauges.connections)
  gauge('vessel_ws_session_logs', 'Session logs followed in this process.', gauges.logs)
  gauge('vessel_ws_ring_bytes', 'Log text kept in memory for replay.', gauges.ringBytes)

  const sent: SentTally = { frames: 0, gaps: 0, live: 0, replay: 0 }
  new Counter({
    name: 'vessel_ws_frames_sent_total',
    help: 'Frames handed to sockets.',
    registers,
    collect() {
      this.reset()
      this.inc(sent.frames)
    },
  })
  new Counter({
    name: 'vessel_ws_gaps_total',
    help: 'Gap frames sent.',
    registers,
    collect() {
      this.reset()
      this.inc(sent.gaps)
    },
  })
  new Counter({
    name: 'vessel_ws_items_sent_total',
    help: 'Topic items sent, by how.',
    labelNames: ['how'],
    registers,
    collect() {
      this.reset()
      this.inc({ how: 'live' }, sent.live)
      this.inc({ how: 'replay' }, sent.replay)
    },
  })

  const counter = <L extends string = never>(name: string, help: string, labelNames: L[] = []) =>
    new Counter<L>({ name, help, registers, labelNames })
  return {
    sent,
    holds: counter('vessel_ws_holds_total', 'Times logs were held back from a slow client.'),
    framesRefused: counter('vessel_ws_frames_refused_total', 'Client frames refused.', ['code']),
    closes: counter('vessel_ws_closes_total', 'Connections ended, by reason.', ['reason']),
    upgradesRefused: counter('vessel_ws_upgrades_refused_total', 'Upgrades refused.', ['why']),
  }
}
