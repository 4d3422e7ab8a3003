import { projectId } from '@vessel/proto/ids'
import { call } from './call.ts'
import { sessionViewWith } from './fake-sessions.ts'
import type { HttpStack } from './http-stack.ts'
import type { Ids } from './requests.ts'
import type { TestUser } from './users.ts'

/** A project of the user with a running session and one version. */
export async function makeOwned(stack: HttpStack, user: TestUser, name: string): Promise<Ids> {
  const made = await call(stack, 'POST /api/projects', { as: user, body: { name } })
  const project = projectId.parse(made.body.id)
  const session = sessionViewWith(project, 'ready')
  stack.sessions.put(user.id, session)
  const versions = await call(stack, `GET /api/projects/${project}/versions`, { as: user })
  return { project, session: session.id, version: versions.body.items[0].id }
}
