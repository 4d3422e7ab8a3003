import type { ProjectView } from '@vessel/proto/http/project-view'
import { actionsFor, badgeFor } from '../session/state-words.ts'

/** What a command does, told apart from how it is done. */
export type Deed =
  | { readonly kind: 'open' | 'stop' | 'settings' | 'download'; readonly project: ProjectView }
  | { readonly kind: 'go'; readonly path: string }
  | { readonly kind: 'new-project' | 'log-out' }
  | { readonly kind: 'theme'; readonly theme: 'system' | 'light' | 'dark' }

export interface Command {
  readonly id: string
  readonly group: 'Projects' | 'Actions' | 'Go to'
  readonly label: string
  /** Shown at the end of the line. */
  readonly note: string
  /** Found by these words too. */
  readonly also: string
  readonly deed: Deed
}

const command = (
  group: Command['group'],
  label: string,
  rest: { note?: string; also?: string; deed: Deed },
): Command => ({ id: `${group}:${label}`, group, label, note: '', also: '', ...rest })

function projectCommands(project: ProjectView): Command[] {
  const { name, id } = project
  const can = actionsFor(project.session)
  const found: Command[] = []
  const add = (kind: 'open' | 'stop' | 'settings' | 'download', label: string, note = ''): void => {
    const group = kind === 'open' ? 'Projects' : 'Actions'
    found.push({ ...command(group, label, { note, deed: { kind, project } }), id: `${kind}:${id}` })
  }
  if (can.isOpenable) add('open', `Open ${name}`, badgeFor(project.session).label)
  if (can.canSaveAndExit) add('stop', `Save & exit ${name}`)
  add('settings', `Versions & settings of ${name}`)
  if (project.head) add('download', `Download ${name}`)
  return found
}

/** Everything that can be done from anywhere. */
export function listCommands(projects: readonly ProjectView[], isAdmin: boolean): Command[] {
  const theme = (name: 'system' | 'light' | 'dark'): Command =>
    command('Actions', `Theme: ${name}`, {
      also: 'colours mode appearance',
      deed: { kind: 'theme', theme: name },
    })
  return [
    ...projects.flatMap(projectCommands),
    command('Actions', 'New project', { also: 'create add', deed: { kind: 'new-project' } }),
    command('Go to', 'Projects', { also: 'home', deed: { kind: 'go', path: '/projects' } }),
    command('Go to', 'Account', {
      also: 'password devices sign out',
      deed: { kind: 'go', path: '/account' },
    }),
    ...(isAdmin
      ? [command('Go to', 'Admin', { also: 'hosts', deed: { kind: 'go', path: '/admin' } })]
      : []),
    theme('light'),
    theme('dark'),
    theme('system'),
    command('Actions', 'Log out', { also: 'sign out leave', deed: { kind: 'log-out' } }),
  ]
}

/** Shown before anything is typed: the projects, and what is done most. */
const FIRST_MAX = 12
const FOUND_MAX = 40

/** How well a command answers; 0 is not at all. */
function scoreOf({ label, also }: Command, words: readonly string[]): number {
  const text = `${label} ${also}`.toLowerCase()
  if (!words.every((word) => text.includes(word))) return 0
  const starts = text.split(/[\s:&]+/)
  const begun = words.filter((word) => starts.some((start) => start.startsWith(word))).length
  return 1 + begun + (label.toLowerCase().startsWith(words.join(' ')) ? 10 : 0)
}

/** The commands that match every word of the search, best first; groups stay together. */
export function findCommands(commands: readonly Command[], search: string): readonly Command[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) {
    const isFirst = ({ deed }: Command): boolean => !['settings', 'download'].includes(deed.kind)
    return grouped(commands.filter(isFirst).slice(0, FIRST_MAX))
  }
  const scored = commands
    .map((one) => ({ one, score: scoreOf(one, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  return grouped(scored.slice(0, FOUND_MAX).map(({ one }) => one))
}

/** In the order in which the groups first appear. */
function grouped(commands: readonly Command[]): readonly Command[] {
  const groups = [...new Set(commands.map(({ group }) => group))]
  return groups.flatMap((group) => commands.filter((one) => one.group === group))
}
