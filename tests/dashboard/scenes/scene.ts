import type { Stage } from '../support/stage.ts'

/** A page in a state: how to bring it about, and how to know that it stands. */
export interface Scene {
  /** Contact sheets are made one a page. */
  readonly page: string
  readonly state: string
  /** Who looks at it; `admin` sees the admin pages. */
  readonly name?: string
  /** Arranges what the API knows, goes there, and waits until the state is on screen. */
  readonly show: (stage: Stage) => Promise<void>
  /** Runs after each change of size or scheme, for what closes when the window changes. */
  readonly again?: (stage: Stage) => Promise<void>
}

export const scenesOf = (page: string, scenes: readonly Omit<Scene, 'page'>[]): Scene[] =>
  scenes.map((scene) => ({ page, ...scene }))
