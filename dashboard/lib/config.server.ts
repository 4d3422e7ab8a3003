import { z } from 'zod'
import type { PublicConfig } from './public-config.ts'

const origin = (value: string): string => new URL(value).origin

const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http or https address' })
const wsUrl = z.url({ protocol: /^wss?$/, error: 'must be a ws or wss address' })

const environment = z.object({
  API_URL: httpUrl,
  WS_URL: wsUrl.optional(),
  SUPABASE_URL: httpUrl,
  SUPABASE_ANON_KEY: z.string().min(1, 'must not be empty'),
  WORKSPACE_BASE_URL: httpUrl,
})

/** The variables of `dashboard.env.example` that are ours; Next reads the others itself. */
export const VARIABLES = Object.keys(environment.shape)

export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`the dashboard cannot start:\n${problems.map((line) => `  ${line}`).join('\n')}`)
    this.name = 'ConfigError'
  }
}

/** Empty means absent: that is what an unset variable of Compose or systemd looks like. */
function present(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = VARIABLES.map((name) => [name, env[name]?.trim()] as const)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => !!entry[1]))
}

/** Turns the environment into what the browser may know, or names every problem at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): PublicConfig {
  const result = environment.safeParse(present(env))
  if (!result.success) {
    throw new ConfigError(
      result.error.issues.map((issue) =>
        issue.code === 'invalid_type'
          ? `${issue.path.join('.')}: is missing`
          : `${issue.path.join('.')}: ${issue.message}`,
      ),
    )
  }
  const values = result.data
  const apiUrl = origin(values.API_URL)
  const workspace = new URL(values.WORKSPACE_BASE_URL)
  return Object.freeze({
    apiUrl,
    wsUrl: values.WS_URL ?? `${apiUrl.replace(/^http/, 'ws')}/ws`,
    supabaseUrl: values.SUPABASE_URL.replace(/\/+$/, ''),
    supabaseAnonKey: values.SUPABASE_ANON_KEY,
    workspaceOrigins: `${workspace.protocol}//*.${workspace.host}`,
  })
}

let cached: PublicConfig | undefined

/** The configuration of this process. Read at the first request, so a build needs none of it. */
export function config(): PublicConfig {
  cached ??= readConfig(process.env)
  return cached
}
