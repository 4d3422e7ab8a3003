import type { ActivityView } from '@vessel/proto/http/activity'
import { END_REASONS, type EndReason } from '@vessel/proto/reasons'

const WORDS: Readonly<Record<string, string>> = {
  'project.created': 'Created',
  'project.renamed': 'Renamed',
  'project.deleted': 'Deleted',
  'project.brought_back': 'Brought back',
  'project.saved': 'Saved',
  'project.restored': 'Restored an earlier version',
  'session.requested': 'Opened',
  'session.placing': 'Looked for a host',
  'session.starting': 'Machine starting',
  'session.ready': 'Ready',
  'session.saving': 'Saving',
  'session.stopped': 'Stopped',
  'session.failed': 'Failed',
  'session.lost': 'Host lost',
}

/** Steps on the way that say nothing the next entry does not. */
const PASSING = new Set(['session.placing', 'session.starting', 'session.saving'])

export const isTold = ({ action }: ActivityView): boolean => !PASSING.has(action)

/** An action of a newer server is shown by its own name rather than not at all. */
export function activityTitle({ action }: ActivityView): string {
  return WORDS[action] ?? action.replace(/^\w+\./, '').replaceAll('_', ' ')
}

/** What is known beyond the title: the reason for an end, a new name. */
export function activityDetail({ action, details }: ActivityView): string | null {
  const { reason, name } = details
  if (typeof reason === 'string' && reason in END_REASONS) return END_REASONS[reason as EndReason]
  // Every entry of a project carries its name; only a new one is news.
  if (action !== 'project.renamed') return null
  return typeof name === 'string' && name !== '' ? `to “${name}”` : null
}
