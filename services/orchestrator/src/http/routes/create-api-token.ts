import type { Handler } from '../route.ts'

export const createApiToken: Handler<'createApiToken'> = async (call, { account }) => ({
  status: 201,
  body: await account.createToken(call.principal.userId, call.body),
})
