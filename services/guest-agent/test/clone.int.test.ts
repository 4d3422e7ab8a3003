import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { GUEST_ROUTES, hydrateProgress } from '@vessel/proto/guest/api'
import { parseJson } from '@vessel/proto/parse'
import { type GitServer, startGitServer } from './helpers/git-server.ts'
import { startGuest, type TestGuest } from './helpers/guest.ts'
import { openStream } from './helpers/stream.ts'
import { until } from './helpers/until.ts'

const TOKEN = 'a-secret-of-the-owner'

let guest: TestGuest
let server: GitServer | undefined
beforeEach(async () => {
  guest = await startGuest()
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await guest.stop()
})

async function serve(token?: string): Promise<GitServer> {
  server = await startGitServer({ folder: join(guest.root, 'git'), ...(token ? { token } : {}) })
  return server
}

async function clone(body: object) {
  const { text } = await guest.call({ ...GUEST_ROUTES.clone, body: JSON.stringify(body) })
  const lines = text.trim().split('\n')
  return parseJson(hydrateProgress, lines.at(-1) ?? '')
}

const inWorkspace = (name: string) => join(guest.config.workspaceDir, name)

describe('a workspace from a repository', () => {
  it('has its files, modes and history, and is ready then', async () => {
    const { url } = await serve()
    expect(await clone({ url })).toMatchObject({ type: 'done', entries: expect.any(Number) })
    expect(await readFile(inWorkspace('README.md'), 'utf8')).toBe('from the repository\n')
    expect((await stat(inWorkspace('run.sh'))).mode & 0o111).not.toBe(0)
    expect(await readdir(inWorkspace('.git'))).toContain('HEAD')
    expect((await guest.health()).workspace).toBe('ready')
  })

  it('is on the branch that was asked for', async () => {
    const { url } = await serve()
    expect(await clone({ url, ref: 'other' })).toMatchObject({ type: 'done' })
    expect(await readFile(inWorkspace('other.txt'), 'utf8')).toBe('of the other branch\n')
  })

  it('comes from a private one by a token that stays in no file and no line', async () => {
    const { url, credentials } = await serve(TOKEN)
    const stream = openStream(guest)
    expect(await clone({ url, token: TOKEN })).toMatchObject({ type: 'done' })
    expect(credentials.length).toBeGreaterThan(0)
    expect(await readFile(inWorkspace('.git/config'), 'utf8')).not.toContain(TOKEN)
    await until('it says so', () =>
      stream.ofType('log').some(({ text }) => text.startsWith('cloning')),
    )
    expect(JSON.stringify(stream.messages)).not.toContain(TOKEN)
    stream.close()
  })

  it.each([
    ['without the token', {}],
    ['with another token', { token: 'wrong' }],
  ])('is refused %s, and left empty', async (_, more) => {
    const { url } = await serve(TOKEN)
    const last = await clone({ url, ...more })
    expect(last).toMatchObject({ type: 'error', error: { code: 'CLONE_FAILED' } })
    expect(await readdir(guest.config.workspaceDir)).toEqual([])
    expect((await guest.health()).workspace).toBe('failed')
  })

  it('says what git said when there is no such branch, and can be tried again', async () => {
    const { url } = await serve()
    const last = await clone({ url, ref: 'gone' })
    expect(last.type === 'error' && last.error.message).toContain('Remote branch gone not found')
    expect(await clone({ url })).toMatchObject({ type: 'done' })
  })

  it.each([
    ['a path of the machine', '/etc'],
    ['a program', 'ext::sh -c touch%20/tmp/x'],
    ['a password in the address', 'https://ann:secret@example.com/a.git'],
  ])('is never %s', async (_, url) => {
    const answer = await guest.call({ ...GUEST_ROUTES.clone, body: JSON.stringify({ url }) })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('secret@')
  })

  it('is not cloned over files that are there', async () => {
    const { url } = await serve()
    await clone({ url })
    const again = await guest.call({ ...GUEST_ROUTES.clone, body: JSON.stringify({ url }) })
    expect([again.status, JSON.parse(again.text).code]).toEqual([409, 'CONFLICT'])
  })
})
