import process from 'node:process'
import { inRepository } from '../paths.ts'
import type { ServiceSpec } from '../process/child.ts'
import { answersAt } from '../process/ready.ts'
import { baseEnvironment, type Made, type Settings, type StoreKeys } from './specs.ts'

const STOP_TIMEOUT_MS = 15_000

export function orchestratorSpec(settings: Settings, made: Made, keys: StoreKeys): ServiceSpec {
  const { ports, urls } = settings
  return {
    name: 'orchestrator',
    command: process.execPath,
    args: ['--conditions=development', inRepository('services/orchestrator/src/main.ts')],
    cwd: inRepository('services/orchestrator'),
    stopTimeoutMs: STOP_TIMEOUT_MS,
    env: {
      ...baseEnvironment(),
      LOG_LEVEL: 'info',
      HOST: '127.0.0.1',
      PORT: String(ports.orchestrator),
      NATS_URL: urls.nats,
      NATS_NKEY_FILE: made.orchestratorNkeyFile,
      REDIS_URL: made.redisUrl,
      SUPABASE_URL: urls.supabase,
      SUPABASE_ANON_KEY: keys.anonKey,
      SUPABASE_SERVICE_ROLE_KEY: keys.serviceRoleKey,
      WORKSPACE_BASE_URL: urls.workspaces,
      DASHBOARD_URL: urls.dashboard,
      TEMPLATES_DIR: inRepository('deploy/templates'),
      ...settings.env.orchestrator,
    },
    isReady: answersAt(`http://127.0.0.1:${ports.orchestrator}/readyz`),
  }
}
