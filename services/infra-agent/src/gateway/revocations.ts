import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SessionId } from '@vessel/proto/ids'
import { parseJson } from '@vessel/proto/parse'
import { TICKET_TTL_MS } from '@vessel/proto/requests/redeem'
import { z } from 'zod'
import { hasErrorCode, writeDurably } from '../host/files.ts'
import type { Clock } from '../vm/ports.ts'

const revocationFile = z.record(z.uuid(), z.int())

/** Tickets taken back before they expired. Kept on disk: a restart must not let anyone in again. */
export interface Revocations {
  isRevoked(ticketId: string): boolean
  add(session: SessionId, ticketIds: readonly string[]): Promise<number>
}

export async function openRevocations(stateDir: string, clock: Clock): Promise<Revocations> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 })
  const file = join(stateDir, 'revoked.json')
  const until = new Map<string, number>(Object.entries(await readRevoked(file)))

  return {
    isRevoked: (ticketId) => until.has(ticketId),
    async add(_session, ticketIds) {
      const nowMs = clock.now()
      // After its longest life a ticket is refused for its age, and the list stays short.
      for (const [ticketId, expiresMs] of until) if (expiresMs < nowMs) until.delete(ticketId)
      const fresh = ticketIds.filter((ticketId) => !until.has(ticketId))
      for (const ticketId of fresh) until.set(ticketId, nowMs + TICKET_TTL_MS)
      await writeDurably(file, JSON.stringify(Object.fromEntries(until)))
      return fresh.length
    },
  }
}

async function readRevoked(file: string): Promise<Record<string, number>> {
  try {
    return parseJson(revocationFile, await readFile(file))
  } catch (thrown) {
    if (hasErrorCode(thrown, 'ENOENT')) return {}
    // Open by mistake is worse than closed by mistake: the agent does not start on a broken list.
    throw thrown
  }
}
