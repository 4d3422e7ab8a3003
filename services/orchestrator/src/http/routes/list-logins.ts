import type { Handler } from '../route.ts'

export const listLogins: Handler<'listLogins'> = async ({ principal }, { account }) => {
  const logins = await account.logins(principal.userId)
  const items = logins.map((login) => ({ ...login, isCurrent: login.id === principal.loginId }))
  return { status: 200, body: { items } }
}
