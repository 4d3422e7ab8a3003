import { inRepository } from '../paths.ts'
import type { ServiceSpec } from '../process/child.ts'
import { type Made, nodeService, type Settings, type StoreKeys } from './specs.ts'

const STOP_TIMEOUT_MS = 15_000

export function orchestratorSpec(settings: Settings, made: Made, keys: StoreKeys): ServiceSpec {
  const { ports, urls } = settings
  return nodeService(settings, {
    name: 'orchestrator',
    folder: 'services/orchestrator',
    readyUrl: `http://127.0.0.1:${ports.orchestrator}/readyz`,
    stopTimeoutMs: STOP_TIMEOUT_MS,
    env: {
      HOST: '127.0.0.1',
      PORT: String(ports.orchestrator),
      METRICS_PORT: String(ports.metrics),
      NATS_URL: urls.nats,
      NATS_NKEY_FILE: made.orchestratorNkeyFile,
      REDIS_URL: made.redisUrl,
      SUPABASE_URL: urls.supabase,
      SUPABASE_ANON_KEY: keys.anonKey,
      SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleKey,
      WORKSPACE_BASE_URL: urls.workspaces,
      DASHBOARD_URL: urls.dashboard,
      TICKET_KEY_FILE: made.ticketKeyFile,
      // Nothing stands before it here that would have to notice.
      LEAVE_NOTICE_MS: '0',
      TEMPLATES_DIR: inRepository('deploy/templates'),
    },
  })
}
