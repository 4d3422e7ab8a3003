import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { ARCHIVE_BUCKET } from '@vessel/proto/archive'
import { type SessionId, visitorId } from '@vessel/proto/ids'
import { jwtVerify } from 'jose'
import type { HostStandIn } from './support/host-stand-in.ts'
import { bootReady } from './support/steps.ts'
import { type Owner, type RunningCore, World } from './support/world.ts'

const VISITOR = visitorId.parse('5c1d3f0e-2b7a-4e19-8f64-1d2e3f405162')

let world: World
beforeAll(async () => {
  world = await World.create()
}, 60_000)
afterEach(() => world.reset())
afterAll(() => world.destroy())

interface Scene {
  core: RunningCore
  host: HostStandIn
  owner: Owner
  session: SessionId
}

async function scene(): Promise<Scene> {
  const core = await world.core()
  const host = await world.host('a1')
  const owner = await world.owner()
  const { session } = await bootReady(core, host, owner)
  return { core, host, owner, session: session.id }
}

const BODY = Buffer.from('the files')
const archive = (session: SessionId, patch: object = {}) => ({
  session,
  epoch: 2,
  seq: 1,
  sha256: 'b'.repeat(64),
  bytes: BODY.length,
  format: 'zip',
  ...patch,
})

async function upload({ host, session }: Scene, patch: object = {}): Promise<string> {
  const reply = await host.ask('upload-url', archive(session, patch))
  if (!reply.ok) throw new Error(reply.error.message)
  const { path, single } = reply.value as { path: string; single: { url: string } }
  const put = await fetch(single.url, { method: 'PUT', body: BODY })
  expect(put.status).toBe(200)
  return path
}

const commit = (session: SessionId, path: string, patch: object = {}) => ({
  ...archive(session, patch),
  kind: 'final',
  path,
  entries: 3,
  unpackedBytes: 30,
})

async function head(owner: Owner): Promise<string | null> {
  const { data } = await world.db.from('projects').select('head_path').eq('id', owner.projectId)
  return data?.[0]?.head_path ?? null
}

describe('a save', () => {
  it('becomes the head, once, however often it is asked for', async () => {
    const play = await scene()
    const path = await upload(play)
    for (const _attempt of [1, 2]) {
      const reply = await play.host.ask('commit', commit(play.session, path))
      expect(reply).toEqual({ ok: true, value: { result: 'head' } })
    }
    expect(await head(play.owner)).toBe(path)
    const again = await play.host.ask('upload-url', archive(play.session))
    expect(again).toMatchObject({ ok: true, value: { isStored: true } })
  })

  it('is refused while the object is not there, or not whole', async () => {
    const { host, session, owner } = await scene()
    const asked = await host.ask('upload-url', archive(session))
    const path = asked.ok ? (asked.value as { path: string }).path : ''
    const before = await head(owner)
    const missing = await host.ask('commit', commit(session, path))
    expect(missing).toMatchObject({ ok: false, error: { code: 'ARCHIVE_MISMATCH' } })

    await world.db.storage.from(ARCHIVE_BUCKET).upload(path, Buffer.from('half'))
    const half = await host.ask('commit', commit(session, path))
    expect(half).toMatchObject({ ok: false, error: { code: 'ARCHIVE_MISMATCH' } })
    expect(await head(owner)).toBe(before)

    const retry = await upload({ host, session } as Scene)
    const whole = await host.ask('commit', commit(session, retry))
    expect(whole).toEqual({ ok: true, value: { result: 'head' } })
  })

  it('that comes after a newer run began is kept beside the head', async () => {
    const play = await scene()
    const path = await upload(play)
    await world.supabase.sql('update projects set lease_epoch = 9 where id = $1', [
      play.owner.projectId,
    ])
    const before = await head(play.owner)
    const reply = await play.host.ask('commit', commit(play.session, path))
    expect(reply).toEqual({ ok: true, value: { result: 'recovery' } })
    expect(await head(play.owner)).toBe(before)
    const { data } = await world.db.from('archives').select('status').eq('path', path)
    expect(data).toEqual([{ status: 'recovery' }])
  })

  it('never replaces a newer one of the same run', async () => {
    const play = await scene()
    const newer = await upload(play, { seq: 2, sha256: 'c'.repeat(64) })
    const older = await upload(play)
    const newerPatch = { seq: 2, sha256: 'c'.repeat(64) }
    await play.host.ask('commit', commit(play.session, newer, newerPatch))
    const reply = await play.host.ask('commit', commit(play.session, older))
    expect(reply).toEqual({ ok: true, value: { result: 'recovery' } })
    expect(await head(play.owner)).toBe(newer)
  })

  it('of another host is refused: files, links and leases are of the own runs only', async () => {
    const play = await scene()
    const path = await upload(play)
    const stranger = await world.host('b1')
    for (const [verb, request] of [
      ['upload-url', archive(play.session)],
      ['download-url', { session: play.session, epoch: 2 }],
      ['commit', commit(play.session, path)],
    ] as const) {
      const reply = await stranger.ask(verb, request)
      expect(reply).toMatchObject({ ok: false, error: { code: 'SESSION_UNKNOWN' } })
    }
    const lease = { sessions: [{ session: play.session, epoch: 2 }] }
    const renewed = await stranger.ask('renew-lease', lease)
    expect(renewed).toMatchObject({ ok: true, value: { leases: [{ isHeld: false }] } })
    const own = await play.host.ask('renew-lease', lease)
    expect(own).toMatchObject({ ok: true, value: { leases: [{ isHeld: true }] } })
  })

  it('with a malformed request is refused by the path of its fault', async () => {
    const { host, session } = await scene()
    const reply = await host.ask('commit', { ...commit(session, 'x'), epoch: 'two' })
    expect(reply).toMatchObject({
      ok: false,
      error: { code: 'VALIDATION', issues: [{ path: 'epoch' }] },
    })
  })
})

describe('a one-time code', () => {
  async function issue({ core, owner, session }: Scene) {
    const asked = { userId: owner.userId, sessionId: session, visitor: VISITOR, port: undefined }
    const url = new URL((await core.sessions.ticket(asked)).url)
    return { url, code: url.searchParams.get('code') ?? '', slug: url.hostname.split('.')[0] ?? '' }
  }

  it('buys a ticket for exactly this run and this name, once, of many who try at once', async () => {
    const play = await scene()
    const { url, code, slug } = await issue(play)
    expect(url.pathname).toBe('/_vessel/enter')
    const tries = Array.from({ length: 8 }, () => play.host.ask('redeem', { code, slug }))
    const replies = await Promise.all(tries)
    const good = replies.filter((reply) => reply.ok)
    expect(good).toHaveLength(1)
    const refused = replies.filter((reply) => !reply.ok)
    expect(refused[0]).toMatchObject({ error: { code: 'CODE_INVALID' } })

    const [key] = play.host.starts[0]?.ticketKeys ?? []
    const { ticket } = (good[0] as unknown as { value: { ticket: string } }).value
    const jwk = await crypto.subtle.importKey('jwk', { ...key }, 'Ed25519', false, ['verify'])
    const { payload } = await jwtVerify(ticket, jwk, { audience: 'vessel-workspace' })
    const entrance = { sid: play.session, sub: play.owner.userId, epoch: 2, slug }
    expect(payload).toMatchObject({ ...entrance, visitor: VISITOR })
  })

  it('is worth nothing under another name, and is spent by the attempt', async () => {
    const play = await scene()
    const { code, slug } = await issue(play)
    const wrong = await play.host.ask('redeem', { code, slug: 'another' })
    expect(wrong).toMatchObject({ ok: false, error: { code: 'CODE_INVALID' } })
    const right = await play.host.ask('redeem', { code, slug })
    expect(right).toMatchObject({ ok: false, error: { code: 'CODE_INVALID' } })
  })

  it('is not given to a stranger, nor for what does not run', async () => {
    const play = await scene()
    const stranger = await world.owner()
    const who = { userId: stranger.userId, visitor: VISITOR }
    const asked = { ...who, sessionId: play.session, port: undefined }
    await expect(play.core.sessions.ticket(asked)).rejects.toMatchObject({
      code: 'SESSION_NOT_FOUND',
    })
    await play.host.end(play.session)
    const { code, slug } = { code: randomUUID(), slug: 'nothing' }
    const reply = await play.host.ask('redeem', { code, slug })
    expect(reply).toMatchObject({ ok: false, error: { code: 'CODE_INVALID' } })
  })
})
