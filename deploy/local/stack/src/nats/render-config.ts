import { inRepository } from '../paths.ts'
import { renderFile } from '../state/render.ts'
import type { NatsUser } from './users.ts'

export interface NatsConfig {
  readonly target: string
  readonly listen: string
  readonly storeDir: string
  readonly users: readonly NatsUser[]
}

/** Writes the server's configuration. Its format takes JSON wherever it takes a value. */
export async function renderNatsConfig(config: NatsConfig): Promise<void> {
  await renderFile({
    template: inRepository('deploy/nats/nats-server.conf.template'),
    target: config.target,
    values: {
      SERVER_NAME: 'vessel-local',
      LISTEN: config.listen,
      STORE_DIR: JSON.stringify(config.storeDir),
      USERS: JSON.stringify(config.users, null, 2),
    },
  })
}
