import { randomUUID } from 'node:crypto'
import type { TopicItem } from '@vessel/proto/browser/topic-items'
import { formatTopic, type Topic } from '@vessel/proto/browser/topics'
import { VesselError } from '@vessel/proto/errors'
import type { UserId } from '@vessel/proto/ids'
import type { HubDomain, VerifiedToken, Viewer } from '../../../src/hub/ports.ts'

export interface TokenOptions {
  readonly name?: string
  readonly isAdmin?: boolean
  readonly loginId?: string
  readonly expiresAtMs?: number
}

/** Users, their tokens and what they may watch, in memory. Everything is refused unless allowed. */
export class TestDomain implements HubDomain {
  readonly #tokens = new Map<string, VerifiedToken>()
  readonly #allowed = new Map<string, Set<string>>()
  readonly snapshots = new Map<string, readonly TopicItem[]>()
  readonly endedLogins = new Set<string>()
  watchQuestions = 0

  addUser(options: TokenOptions = {}) {
    const userId = randomUUID() as UserId
    return { userId, token: this.addToken(userId, options) }
  }

  addToken(userId: UserId, options: TokenOptions = {}): string {
    const token = `token-${randomUUID()}`
    this.#tokens.set(token, {
      userId,
      name: options.name ?? 'someone',
      isAdmin: options.isAdmin ?? false,
      loginId: options.loginId ?? null,
      expiresAtMs: options.expiresAtMs ?? Date.now() + 3_600_000,
    })
    return token
  }

  allow(userId: UserId, topic: string): void {
    const topics = this.#allowed.get(userId) ?? new Set()
    this.#allowed.set(userId, topics.add(topic))
  }

  revoke(userId: UserId, topic: string): void {
    this.#allowed.get(userId)?.delete(topic)
  }

  async verifyToken(token: string): Promise<VerifiedToken> {
    const verified = this.#tokens.get(token)
    if (!verified) throw new VesselError('UNAUTHENTICATED')
    return verified
  }

  hasEnded({ loginId }: VerifiedToken): boolean {
    return loginId !== null && this.endedLogins.has(loginId)
  }

  async mayWatch(viewer: Viewer, topic: Topic): Promise<boolean> {
    this.watchQuestions += 1
    if (topic.kind === 'user') return topic.id === viewer.userId
    if (topic.kind === 'host' || topic.kind === 'admin') return viewer.isAdmin
    return this.#allowed.get(viewer.userId)?.has(formatTopic(topic)) ?? false
  }

  async snapshot(_viewer: Viewer, topic: Topic): Promise<readonly TopicItem[]> {
    return this.snapshots.get(formatTopic(topic)) ?? []
  }
}
