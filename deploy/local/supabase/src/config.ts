import { z } from 'zod'

/** Milliseconds a statement may run before the engine is restarted under it. */
const STATEMENT_TIMEOUT_MS = 15_000

const jwk = z.looseObject({ kty: z.literal('EC'), crv: z.literal('P-256'), kid: z.string() })

function json<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue('not JSON')
        return z.NEVER
      }
    })
    .pipe(schema)
}

const flag = z.enum(['0', '1']).transform((value) => value === '1')

const schema = z.object({
  SUPABASE_HOST: z.string().default('127.0.0.1'),
  SUPABASE_PORT: z.coerce.number().int().min(0).max(65_535).default(54_321),
  SUPABASE_DATA_DIR: z.string().min(1),
  SUPABASE_MIGRATIONS_DIR: z.string().min(1),
  SUPABASE_CACHE_DIR: z.string().min(1).optional(),
  SUPABASE_PUBLIC_URL: z.url().optional(),
  SUPABASE_SITE_URL: z.url().default('http://localhost:3000'),
  SUPABASE_ALLOWED_ORIGINS: z
    .string()
    .default('*')
    .transform((text) => text.split(',').map((origin) => origin.trim())),
  SUPABASE_JWT_LIFETIME_S: z.coerce.number().int().min(5).max(604_800).default(3_600),
  SUPABASE_FILE_BYTES_MAX: z.coerce
    .number()
    .int()
    .positive()
    .default(5 * 1024 ** 3),
  SUPABASE_UPLOAD_URL_LIFETIME_S: z.coerce.number().int().min(1).max(86_400).default(7_200),
  SUPABASE_STATEMENT_TIMEOUT_MS: z.coerce
    .number()
    .int()
    .min(100)
    .max(600_000)
    .default(STATEMENT_TIMEOUT_MS),
  SUPABASE_ANON_KEY: z.string().min(20).optional(),
  SUPABASE_SERVICE_ROLE_KEY: z.string().min(20).optional(),
  SUPABASE_JWT_JWK: json(jwk).optional(),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  VESSEL_FAULTS: flag.default(false),
})

export const CONFIG_NAMES = Object.keys(schema.shape)

export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid'
}

export type Config = Readonly<z.output<typeof schema>>

/** Reads the whole configuration and reports every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.entries(env).filter(([, value]) => value !== undefined && value !== '')
  const result = schema.safeParse(Object.fromEntries(given))
  if (result.success) return Object.freeze(result.data)
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  throw new ConfigInvalid(`invalid configuration\n  ${problems.join('\n  ')}`)
}
