import type { IncomingMessage, ServerResponse } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import {
  endVisitsRequest,
  GUEST_ROUTES,
  type GuestHealth,
  guestExecRequest,
} from '@vessel/proto/guest/api'
import type { ChangeCounter } from './activity/change-counter.ts'
import type { Exec } from './exec/exec.ts'
import { readJson } from './http/read-json.ts'
import { sendJson } from './http/respond.ts'
import type { Route } from './http/server.ts'
import type { Ide } from './ide/ide.ts'
import type { GatewayProxy } from './proxy/proxy.ts'
import type { StreamHub } from './stream/hub.ts'
import { AGENT_VERSION } from './version.ts'
import { handleClone, handleHydrate } from './workspace/hydrate-route.ts'
import { handlePack } from './workspace/pack-route.ts'
import { handlePreview } from './workspace/preview-route.ts'
import type { Workspace } from './workspace/workspace.ts'

export interface RouteDeps {
  readonly workspace: Workspace
  readonly ide: Ide
  readonly hub: StreamHub
  readonly exec: Exec
  readonly changes: ChangeCounter
  readonly proxy: Pick<GatewayProxy, 'endVisits'>
}

/** Everything the host can ask of us, in one place. */
export function createRoutes(deps: RouteDeps): Route[] {
  const { workspace, hub } = deps
  return [
    { ...GUEST_ROUTES.health, handle: async (_, response) => sendHealth(deps, response) },
    { ...GUEST_ROUTES.hydrate, handle: (...http) => handleHydrate(workspace, ...http) },
    { ...GUEST_ROUTES.clone, handle: (...http) => handleClone(workspace, ...http) },
    { ...GUEST_ROUTES.pack, handle: (...http) => handlePack(workspace, ...http) },
    { ...GUEST_ROUTES.preview, handle: (...http) => handlePreview(workspace, ...http) },
    { ...GUEST_ROUTES.startIde, handle: async (_, response) => startIde(deps, response) },
    { ...GUEST_ROUTES.stream, handle: async (_, response) => openStream(hub, response) },
    { ...GUEST_ROUTES.exec, handle: (...http) => runProgram(deps.exec, ...http) },
    { ...GUEST_ROUTES.endVisits, handle: (...http) => endVisits(deps.proxy, ...http) },
  ]
}

function sendHealth(deps: RouteDeps, response: ServerResponse): void {
  const health: GuestHealth = {
    status: 'ok',
    version: AGENT_VERSION,
    workspace: deps.workspace.state,
    ide: deps.ide.state,
    changeCount: deps.changes.count,
  }
  sendJson(response, 200, health)
}

/** Answers before the IDE does: the host sees `up` in our health. */
function startIde(deps: RouteDeps, response: ServerResponse): void {
  sendJson(response, 200, { state: deps.ide.start() })
}

function openStream(hub: StreamHub, response: ServerResponse): void {
  if (!hub.hasRoom) throw new VesselError('OVERLOADED', { detail: 'too many readers' })
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' })
  response.flushHeaders()
  hub.attach(response)
}

async function endVisits(
  proxy: RouteDeps['proxy'],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { visitors } = await readJson(request, endVisitsRequest)
  sendJson(response, 200, { ended: proxy.endVisits(visitors) })
}

async function runProgram(
  exec: Exec,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = await readJson(request, guestExecRequest)
  const gone = new AbortController()
  response.once('close', () => gone.abort(new VesselError('CANCELLED')))
  sendJson(response, 200, await exec.run(asked, gone.signal))
}
