import type { Ports } from './ports/ports.ts'

export interface Output {
  /** A line of a child, as it came. */
  child(name: string, line: string): void
  /** What the launcher itself says. */
  say(text: string): void
}

export interface StackOptions {
  /** Everything the stack keeps between runs; `.vessel` of the checkout for `make up`. */
  readonly stateDir: string
  readonly ports: Ports | 'ephemeral'
  readonly driver?: string
  /** Start these only; all when left out. An agent needs an orchestrator. */
  readonly only?: readonly ServiceName[]
  readonly output: Output
  /** More environment for single services: `{ agent: { CHECKPOINT_EVERY_MS: '500' } }`. */
  readonly env?: Readonly<Partial<Record<ServiceName, Readonly<Record<string, string>>>>>
  /** Sessions get this long to be saved when the stack stops. */
  readonly saveTimeoutMs?: number
  /** Interrupts a start that is under way. */
  readonly signal?: AbortSignal
}

export const SERVICE_NAMES = [
  'nats',
  'redis',
  'supabase',
  'gateway',
  'orchestrator',
  'agent',
  'dashboard',
] as const
export type ServiceName = (typeof SERVICE_NAMES)[number]

export interface StackUrls {
  readonly dashboard: string
  readonly api: string
  /** Workspaces answer under `<slug>.<host of this>`. */
  readonly workspaces: string
  readonly supabase: string
  readonly nats: string
  readonly redis: string
  readonly agent: string
  readonly gatewayAdmin: string
}

export interface StackKeys {
  readonly supabaseAnonKey: string
  readonly supabaseServiceRoleKey: string
  /** Files with the nkey seeds. */
  readonly orchestratorNkeyFile: string
  readonly agentNkeyFile: string
}

export interface DemoLogin {
  readonly email: string
  readonly password: string
}

export interface Stack {
  readonly urls: StackUrls
  readonly keys: StackKeys
  readonly demo: DemoLogin
  readonly stateDir: string
  /** The processes as they are now; null for one that is down. */
  readonly pids: Readonly<Record<ServiceName, number | null>>
  /** kill -9. It stays down until `restart`, or comes back by the supervisor when `isRevived`. */
  kill(name: ServiceName, options?: { isRevived?: boolean }): Promise<void>
  /** Orderly stop (if it runs) and start, until it is ready again. */
  restart(name: ServiceName): Promise<void>
  /** Saves and ends every session, then every service, the last started first. */
  stop(): Promise<void>
}
