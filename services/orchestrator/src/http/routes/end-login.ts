import type { Handler } from '../route.ts'

export const endLogin: Handler<'endLogin'> = async ({ principal, params }, { account }) => {
  await account.endLogin(principal.userId, params.id)
  return { status: 200, body: { id: params.id } }
}
