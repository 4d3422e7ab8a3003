import type { Handler } from '../route.ts'

export const listApiTokens: Handler<'listApiTokens'> = async ({ principal }, { account }) => ({
  status: 200,
  body: { items: await account.tokens(principal.userId) },
})
