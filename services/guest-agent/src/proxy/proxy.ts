import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { VesselError } from '@vessel/proto/errors'
import type { GuestMessage } from '@vessel/proto/guest/messages'
import { HEADERS } from '@vessel/proto/headers'
import { ACTIVITY_EVERY_MS, InputMeter } from './input-meter.ts'
import { proxyRequest } from './proxy-request.ts'
import { proxyUpgrade } from './proxy-upgrade.ts'
import { parseTarget, type Target } from './target.ts'
import type { Upstreams } from './upstream.ts'
import { createVisits, type Visits } from './visits.ts'

/** The first requests of a boot wait for the IDE instead of failing. */
const IDE_HOLD_MS = 10_000
/** Bound on open WebSockets: a browser tab of VS Code holds about four. */
const SPLICES_MAX = 512

export type ActivitySource = Extract<GuestMessage, { type: 'activity' }>['source']

export interface ProxyDeps {
  readonly upstreams: Upstreams
  readonly ownPort: () => number
  readonly whenIdeUp: (timeoutMs: number) => Promise<boolean>
  readonly onActivity: (source: ActivitySource) => void
  readonly nowMs: () => number
}

export interface GatewayProxy {
  request(incoming: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>
  readonly endVisits: Visits['end']
  /** Ends every open WebSocket. */
  close(): void
}

/** The way from the gateway to the IDE and to the ports of the user's programs. */
export function createProxy(deps: ProxyDeps): GatewayProxy {
  const spliced = new Set<Duplex>()
  const visits = createVisits()
  const meter = new InputMeter()
  let previewToldAt = Number.NEGATIVE_INFINITY

  const prepare = async (incoming: IncomingMessage): Promise<Target> => {
    const target = parseTarget(String(incoming.headers[HEADERS.target]), deps.ownPort())
    if (target.kind === 'ide') await deps.whenIdeUp(IDE_HOLD_MS)
    return target
  }
  const onBytes = (target: Target) => (bytes: number) => {
    if (target.kind === 'ide' && meter.count(bytes, deps.nowMs())) deps.onActivity('input')
  }
  const notePreview = (target: Target): void => {
    const isDue = deps.nowMs() - previewToldAt >= ACTIVITY_EVERY_MS
    if (target.kind !== 'port' || !isDue) return
    previewToldAt = deps.nowMs()
    deps.onActivity('preview')
  }
  const onSpliced = (sockets: readonly Duplex[]): void => {
    for (const socket of sockets) {
      spliced.add(socket)
      socket.once('close', () => spliced.delete(socket))
    }
  }

  return {
    request: async (incoming, response) => {
      visits.note(response, incoming)
      const target = await prepare(incoming)
      if (response.destroyed) return
      notePreview(target)
      const { upstreams } = deps
      proxyRequest({ incoming, response, target, upstreams, onBytes: onBytes(target) })
    },
    upgrade: async (incoming, socket, head) => {
      if (spliced.size >= SPLICES_MAX * 2) throw new VesselError('OVERLOADED')
      // Before it waits: who ends meanwhile is not joined to anything afterwards.
      visits.note(socket, incoming)
      const target = await prepare(incoming)
      if (socket.destroyed) return
      notePreview(target)
      const { upstreams } = deps
      const rest = { upstreams, onBytes: onBytes(target), onSpliced }
      await proxyUpgrade({ incoming, socket, head, target, ...rest })
    },
    endVisits: visits.end,
    close: () => {
      for (const socket of spliced) socket.destroy()
      deps.upstreams.close()
    },
  }
}
