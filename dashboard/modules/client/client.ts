import { type Api, createApi } from '../../lib/api.ts'
import type { PublicConfig } from '../../lib/public-config.ts'
import { type Auth, createAuth } from '../auth/auth.ts'
import { createProjectStore, type ProjectStore } from '../projects/project-store.ts'
import { createWishes, type Wishes } from './wishes.ts'

/** What every part of a page works with. One per tab. */
export interface Client {
  readonly config: PublicConfig
  readonly auth: Auth
  readonly api: Api
  readonly projects: ProjectStore
  /**
   * Projects someone asked to open and whose editor page has not taken over yet. Looking at an
   * address starts nothing; a click does.
   */
  readonly openings: Set<string>
  readonly wishes: Wishes
  close(): void
}

export function createClient(config: PublicConfig): Client {
  const auth = createAuth(config)
  const api = createApi({
    baseUrl: config.apiUrl,
    getToken: () => auth.getToken(),
    onExpired: () => auth.recover(),
    fetch: (input, init) => fetch(input, init),
  })
  return {
    config,
    auth,
    api,
    projects: createProjectStore(),
    openings: new Set(),
    wishes: createWishes(),
    close: () => auth.close(),
  }
}
