import type { ProjectView } from '@vessel/proto/http/project-view'
import { type Badge, badgeFor } from '../session/state-words.ts'

/** How the tab of a project looks among others. */
export interface TabFace {
  readonly title: string
  /** Of the dot on its icon; null where nothing runs. */
  readonly tone: Exclude<Badge['tone'], 'idle'> | null
}

/** While it starts, saves or has failed its name stands behind that: tabs are narrow. */
export function tabFace({ name, session }: Pick<ProjectView, 'name' | 'session'>): TabFace {
  const { label, tone } = badgeFor(session)
  if (tone === 'idle') return { title: `${name} · Vessel`, tone: null }
  return { title: tone === 'good' ? `${name} · Vessel` : `${label} · ${name} · Vessel`, tone }
}
