import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Topic } from '@vessel/proto/browser/topics'
import type { EndedLogins } from '../account/ended-logins.ts'
import type { HubDomain } from '../hub/ports.ts'
import type { Hosts, TokenVerifier } from '../ports.ts'
import type { SessionStore } from '../sessions/ports.ts'
import type { AllProjects } from '../store/project-reader.ts'
import { projectViewOf } from '../views/project-view.ts'
import { sessionViewOf, type ViewSettings } from '../views/session-view.ts'
import type { Admins } from './admins.ts'
import type { Owners } from './owners.ts'

export interface HubDomainDeps {
  readonly tokens: TokenVerifier
  readonly ended: Pick<EndedLogins, 'has'>
  readonly owners: Owners
  readonly admins: Admins
  readonly store: Pick<SessionStore, 'overview'>
  readonly projects: AllProjects
  readonly hosts: Hosts
  readonly settings: ViewSettings
}

/** What one frame may hold. A user with more sees the newest live and the rest after a reload. */
const PROJECTS_MAX = 500

type Of<K extends Topic['kind']> = Extract<Topic, { kind: K }>

/** What the relay asks of the rest: who someone is, what they may see, and what is now. */
export function createHubDomain(deps: HubDomainDeps): HubDomain {
  const { owners, admins, hosts, settings } = deps

  const ofUser = async ({ id }: Of<'user'>): Promise<TopicItem[]> => {
    const projects = await deps.projects.ofUser(id, PROJECTS_MAX)
    return projects.map((project) => ({
      kind: 'project',
      project: projectViewOf(project, settings),
    }))
  }
  const ofProject = async ({ id }: Of<'project'>): Promise<TopicItem[]> => {
    const owner = await owners.ofProject(id)
    const overview = owner && (await deps.projects.overview(owner, id))
    if (!overview) return [{ kind: 'project-removed', projectId: id }]
    return [{ kind: 'project', project: projectViewOf(overview, settings) }]
  }
  const ofSession = async ({ id }: Of<'session'>): Promise<TopicItem[]> => {
    const overview = await deps.store.overview(id)
    return overview ? [{ kind: 'session', session: sessionViewOf(overview, settings) }] : []
  }
  const ofHosts = (id: string | null): TopicItem[] =>
    hosts
      .list()
      .filter((host) => id === null || host.id === id)
      .map((host) => ({ kind: 'host', host }))

  return {
    verifyToken: (token) => deps.tokens.verify(token),
    hasEnded: ({ loginId }) => loginId !== null && deps.ended.has(loginId),

    async mayWatch(viewer, topic) {
      switch (topic.kind) {
        case 'user':
          return topic.id === viewer.userId
        case 'project':
          return (await owners.ofProject(topic.id)) === viewer.userId
        case 'session':
          return (await owners.ofSession(topic.id)) === viewer.userId
        case 'host':
        case 'admin':
          return viewer.isAdmin && (await admins.isAdmin(viewer.userId))
      }
    },

    async snapshot(_viewer, topic) {
      switch (topic.kind) {
        case 'user':
          return ofUser(topic)
        case 'project':
          return ofProject(topic)
        case 'session':
          return ofSession(topic)
        case 'host':
          return ofHosts(topic.id)
        case 'admin':
          return ofHosts(null)
      }
    },
  }
}
