import { projectId } from '@vessel/proto/ids'
import { call } from './call.ts'
import { sessionViewWith } from './fake-sessions.ts'
import type { HttpStack } from './http-stack.ts'
import type { Ids } from './requests.ts'
import { anotherLogin, type TestUser } from './users.ts'

/** A project of the user with a running session and one version, another login, a token. */
export async function makeOwned(stack: HttpStack, user: TestUser, name: string): Promise<Ids> {
  const made = await call(stack, 'POST /api/projects', { as: user, body: { name } })
  const project = projectId.parse(made.body.id)
  const session = sessionViewWith(project, 'ready')
  stack.sessions.put(user.id, session)
  const versions = await call(stack, `GET /api/projects/${project}/versions`, { as: user })
  const { body: ofToken } = await call(stack, 'POST /api/account/tokens', {
    as: user,
    body: { name },
  })
  return {
    project,
    session: session.id,
    version: versions.body.items[0].id,
    login: (await anotherLogin(stack.supabase, user)).id,
    token: ofToken.token.id,
  }
}
