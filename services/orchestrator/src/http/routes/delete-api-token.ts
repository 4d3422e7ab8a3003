import type { Handler } from '../route.ts'

export const deleteApiToken: Handler<'deleteApiToken'> = async (call, { account }) => {
  await account.deleteToken(call.principal.userId, call.params.id)
  return { status: 200, body: { id: call.params.id } }
}
