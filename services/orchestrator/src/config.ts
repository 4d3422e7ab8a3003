import { isAbsolute } from 'node:path'
import { z } from 'zod'

/** Everything the orchestrator is told from outside. Read once in `main.ts`, then passed down. */

const absolutePath = z.string().refine(isAbsolute, 'must be an absolute path')
const httpUrl = z.url({ protocol: /^https?$/ })
const count = (fallback: number) => z.coerce.number().int().positive().default(fallback)

const optional = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema.optional())

const list = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(',').map((part) => part.trim()))
    .transform((parts) => parts.filter((part) => part !== ''))

/** Scheme, host and port, as browsers write it in the Origin header. */
const origins = list('').pipe(
  z.array(z.string().refine((text) => URL.parse(text)?.origin === text, 'must be an origin')),
)

const environmentSchema = z.object({
  HOST: z.string().min(1).default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  TRUSTED_PROXIES: list(''),
  API_DOCS: z.enum(['on', 'off']).default('on'),
  METRICS_HOST: z.string().min(1).default('127.0.0.1'),
  METRICS_PORT: z.coerce.number().int().min(0).max(65_535).default(4001),

  NATS_URL: list('nats://127.0.0.1:4222').pipe(z.array(z.string()).min(1)),
  NATS_NKEY_FILE: optional(absolutePath),
  NATS_CONNECT_TRIES_MAX: count(60),
  STREAM_REPLICAS: z.coerce.number().int().min(1).max(5).default(1),
  REDIS_URL: z.url({ protocol: /^rediss?$/ }),

  SUPABASE_URL: httpUrl,
  SUPABASE_ANON_KEY: z.string().min(1),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(1),
  SUPABASE_JWT_SECRET: optional(z.string().min(32)),
  ACCESS_TOKEN_LIFE_MS: z.coerce.number().int().min(60_000).max(604_800_000).default(3_600_000),
  TICKET_KEY_FILE: absolutePath,

  DASHBOARD_URL: httpUrl,
  DASHBOARD_ORIGINS: origins,
  WORKSPACE_BASE_URL: httpUrl,
  TEMPLATES_DIR: absolutePath,

  SESSIONS_PER_USER_MAX: count(3),
  MEMORY_MIB_PER_USER_MAX: count(8_192),
  IDLE_STOP_MS: z.coerce.number().int().min(60_000).default(1_800_000),
  MAX_LIFE_MS: z.coerce.number().int().min(600_000).default(43_200_000),
  UNDELETE_WITHIN_MS: count(604_800_000),
  HEADS_KEPT: count(5),
  SWEEP_EVERY_MS: count(600_000),
  SWEEP_GRACE_MS: count(3_600_000),

  BODY_BYTES_MAX: count(65_536),
  IMPORT_BYTES_MAX: count(268_435_456),
  REQUESTS_PER_MINUTE_MAX: count(600),
  SOCKETS_MAX: count(10_000),
  LEAVE_NOTICE_MS: z.coerce.number().int().min(0).max(60_000).default(5_000),
  SOCKET_DRAIN_MS: z.coerce.number().int().nonnegative().default(5_000),

  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
})
type Environment = z.infer<typeof environmentSchema>

export const CONFIG_KEYS = Object.keys(environmentSchema.shape)

export interface Config extends Readonly<Omit<Environment, 'DASHBOARD_ORIGINS'>> {
  /** Pages that may call the API: the dashboard's own, and what the operator adds. */
  readonly dashboardOrigins: readonly string[]
}

/** Throws one error that names every faulty variable. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const parsed = environmentSchema.safeParse(environment)
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`the configuration is not valid:\n${faults.join('\n')}`)
  }
  const { DASHBOARD_ORIGINS, ...rest } = parsed.data
  const own = new URL(rest.DASHBOARD_URL).origin
  return Object.freeze({ ...rest, dashboardOrigins: [...new Set([own, ...DASHBOARD_ORIGINS])] })
}
