import { z } from 'zod'

const environment = z.object({
  GATEWAY_HOST: z.string().min(1).default('127.0.0.1'),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  GATEWAY_ADMIN_HOST: z.string().min(1).default('127.0.0.1'),
  GATEWAY_ADMIN_PORT: z.coerce.number().int().min(0).max(65_535).default(8081),
  GATEWAY_ROUTES_DIR: z.string().min(1),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export const CONFIG_NAMES = Object.keys(environment.shape)

export interface Config {
  readonly host: string
  readonly port: number
  readonly adminHost: string
  readonly adminPort: number
  readonly routesDir: string
  readonly logLevel: string
}

/** Reads the environment, or throws one error that names every fault. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const result = environment.safeParse(env)
  if (!result.success) {
    const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new Error(`configuration: ${faults.join('; ')}`)
  }
  const value = result.data
  return Object.freeze({
    host: value.GATEWAY_HOST,
    port: value.GATEWAY_PORT,
    adminHost: value.GATEWAY_ADMIN_HOST,
    adminPort: value.GATEWAY_ADMIN_PORT,
    routesDir: value.GATEWAY_ROUTES_DIR,
    logLevel: value.LOG_LEVEL,
  })
}
