import {
  type HostId,
  hostId,
  type ProjectId,
  projectId,
  type SessionId,
  sessionId,
  type UserId,
  userId,
} from './ids.ts'
import { SUBJECT_ROOT as ROOT } from './version.ts'

/** The only place that spells a NATS subject. */
export const COMMAND_VERBS = [
  'start',
  'stop',
  'save',
  'drain',
  'resume',
  'list',
  'exec',
  'preview',
] as const
export type CommandVerb = (typeof COMMAND_VERBS)[number]

export const REQUEST_VERBS = [
  'upload-url',
  'download-url',
  'commit',
  'renew-lease',
  'redeem',
  'ended-visitors',
] as const
export type RequestVerb = (typeof REQUEST_VERBS)[number]

export const EVENT_TYPES = ['ready', 'saved', 'stopped', 'failed', 'save-failed', 'ports'] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** Orchestrators share the work of answering agents. */
export const REQUEST_QUEUE = 'orchestrators'

export const subjects = {
  place: `${ROOT}.place`,

  command: (host: HostId, verb: CommandVerb) => `${ROOT}.host.${host}.cmd.${verb}`,
  commandsOf: (host: HostId) => `${ROOT}.host.${host}.cmd.*`,

  beat: (host: HostId) => `${ROOT}.host.${host}.beat`,
  everyBeat: `${ROOT}.host.*.beat`,

  log: (host: HostId, session: SessionId) => `${ROOT}.host.${host}.vm.${session}.log`,
  /** Follows a session across hosts. */
  logOf: (session: SessionId) => `${ROOT}.host.*.vm.${session}.log`,
  everyLog: `${ROOT}.host.*.vm.*.log`,

  event: (host: HostId, session: SessionId, type: EventType) =>
    `${ROOT}.host.${host}.vm.${session}.event.${type}`,
  everyEvent: `${ROOT}.host.*.vm.*.event.*`,

  metric: (host: HostId, session: SessionId) => `${ROOT}.host.${host}.vm.${session}.metric`,
  metricOf: (session: SessionId) => `${ROOT}.host.*.vm.${session}.metric`,
  everyMetric: `${ROOT}.host.*.vm.*.metric`,

  /**
   * An agent asks an orchestrator. The host stands last so that the server itself lets an agent
   * ask only in its own name (docs/adr/0005-host-in-agent-requests.md).
   */
  request: (verb: RequestVerb, host: HostId) => `${ROOT}.orch.${verb}.${host}`,
  requestsOf: (verb: RequestVerb) => `${ROOT}.orch.${verb}.*`,

  /** Orchestrators tell each other what changed; state is a snapshot, so a lost one heals. */
  notifyUser: (user: UserId) => `${ROOT}.notify.user.${user}`,
  notifyProject: (project: ProjectId) => `${ROOT}.notify.project.${project}`,
  notifyAdmin: `${ROOT}.notify.admin`,
  /** Somebody looks at how browsers are served: every orchestrator tells on `notifyAdmin`. */
  notifySockets: `${ROOT}.notify.sockets`,
  everyNotify: `${ROOT}.notify.>`,
} as const

export type ParsedSubject =
  | { kind: 'place' }
  | { kind: 'command'; host: HostId; verb: CommandVerb }
  | { kind: 'beat'; host: HostId }
  | { kind: 'log'; host: HostId; session: SessionId }
  | { kind: 'metric'; host: HostId; session: SessionId }
  | { kind: 'event'; host: HostId; session: SessionId; type: EventType }
  | { kind: 'request'; host: HostId; verb: RequestVerb }
  | { kind: 'notify-user'; user: UserId }
  | { kind: 'notify-project'; project: ProjectId }
  | { kind: 'notify-admin' }
  | { kind: 'notify-sockets' }

function oneOf<T extends string>(all: readonly T[], value: string | undefined): T | null {
  return all.find((candidate) => candidate === value) ?? null
}

function parseHostSubject(tokens: readonly string[]): ParsedSubject | null {
  const host = hostId.safeParse(tokens[0])
  if (!host.success) return null
  const [, area, third, leaf, type] = tokens

  if (tokens.length === 2 && area === 'beat') return { kind: 'beat', host: host.data }
  if (tokens.length === 3 && area === 'cmd') {
    const verb = oneOf(COMMAND_VERBS, third)
    return verb && { kind: 'command', host: host.data, verb }
  }
  if (area !== 'vm') return null
  const session = sessionId.safeParse(third)
  if (!session.success) return null
  const of = { host: host.data, session: session.data }

  if (tokens.length === 4 && leaf === 'log') return { kind: 'log', ...of }
  if (tokens.length === 4 && leaf === 'metric') return { kind: 'metric', ...of }
  if (tokens.length === 5 && leaf === 'event') {
    const eventType = oneOf(EVENT_TYPES, type)
    return eventType && { kind: 'event', ...of, type: eventType }
  }
  return null
}

function parseNotifySubject(tokens: readonly string[]): ParsedSubject | null {
  if (tokens.length === 1) {
    if (tokens[0] === 'admin') return { kind: 'notify-admin' }
    return tokens[0] === 'sockets' ? { kind: 'notify-sockets' } : null
  }
  if (tokens.length !== 2) return null
  if (tokens[0] === 'user') {
    const user = userId.safeParse(tokens[1])
    return user.success ? { kind: 'notify-user', user: user.data } : null
  }
  if (tokens[0] === 'project') {
    const project = projectId.safeParse(tokens[1])
    return project.success ? { kind: 'notify-project', project: project.data } : null
  }
  return null
}

/** Null for anything that is not exactly one of ours. */
export function parseSubject(subject: string): ParsedSubject | null {
  if (!subject.startsWith(`${ROOT}.`)) return null
  const [area, ...rest] = subject.slice(ROOT.length + 1).split('.')

  if (area === 'place' && rest.length === 0) return { kind: 'place' }
  if (area === 'host') return parseHostSubject(rest)
  if (area === 'notify') return parseNotifySubject(rest)
  if (area === 'orch' && rest.length === 2) {
    const verb = oneOf(REQUEST_VERBS, rest[0])
    const host = hostId.safeParse(rest[1])
    return verb && host.success ? { kind: 'request', verb, host: host.data } : null
  }
  return null
}
