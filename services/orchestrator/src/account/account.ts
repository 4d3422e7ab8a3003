import { VesselError } from '@vessel/proto/errors'
import type { Account, AccountStore } from './ports.ts'
import { digestOf, hintOf, newSecret } from './secret.ts'

export function createAccount(store: AccountStore): Account {
  return {
    logins: (userId) => store.logins(userId),
    async endLogin(userId, id) {
      if (!(await store.endLogin(userId, id))) throw new VesselError('LOGIN_NOT_FOUND')
    },
    tokens: (userId) => store.tokens(userId),
    async createToken(userId, wish) {
      const secret = newSecret()
      const made = { ...wish, digest: digestOf(secret), hint: hintOf(secret) }
      return { token: await store.addToken(userId, made), secret }
    },
    async deleteToken(userId, id) {
      if (!(await store.deleteToken(userId, id))) throw new VesselError('TOKEN_NOT_FOUND')
    },
  }
}
