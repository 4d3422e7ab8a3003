/** What the browser is told about its surroundings. Nothing in it is a secret. */
export interface PublicConfig {
  /** Origin of the orchestrator. */
  readonly apiUrl: string
  readonly wsUrl: string
  readonly supabaseUrl: string
  readonly supabaseAnonKey: string
  /** CSP source of every workspace host: `http://*.localhost:8080`. */
  readonly workspaceOrigins: string
}
