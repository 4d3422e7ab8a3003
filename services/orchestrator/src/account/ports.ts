import type { ApiTokenView, LoginView } from '@vessel/proto/http/account'
import type { UserId } from '@vessel/proto/ids'
import type { Principal } from '../ports.ts'

export interface TokenWish {
  readonly name: string
  readonly expiresInDays: number
}

export type Login = Omit<LoginView, 'isCurrent'>

/** What is a person's own and no project's. */
export interface Account {
  /** Last seen first. */
  logins(userId: UserId): Promise<Login[]>
  /** LOGIN_NOT_FOUND when it is not theirs or has ended. */
  endLogin(userId: UserId, id: string): Promise<void>
  tokens(userId: UserId): Promise<ApiTokenView[]>
  /** LIMIT_TOKENS when there are too many. The secret is in this answer and nowhere else. */
  createToken(userId: UserId, wish: TokenWish): Promise<{ token: ApiTokenView; secret: string }>
  /** TOKEN_NOT_FOUND when it is not theirs or gone. */
  deleteToken(userId: UserId, id: string): Promise<void>
}

export interface NewToken extends TokenWish {
  readonly digest: string
  readonly hint: string
}

/** Where logins and tokens are kept. Of a token only its digest is. */
export interface AccountStore {
  logins(userId: UserId): Promise<Login[]>
  endLogin(userId: UserId, id: string): Promise<boolean>
  tokens(userId: UserId): Promise<ApiTokenView[]>
  addToken(userId: UserId, token: NewToken): Promise<ApiTokenView>
  deleteToken(userId: UserId, id: string): Promise<boolean>
  /** Whom a token speaks for, now. Null: nobody. */
  ownerOf(digest: string): Promise<Principal | null>
}
