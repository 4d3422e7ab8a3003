import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { GUEST_ROUTES, guestExecReply } from '@vessel/proto/guest/api'
import { parseJson } from '@vessel/proto/parse'
import { startGuest, type TestGuest } from './helpers/guest.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

describe('exec', () => {
  let guest: TestGuest
  beforeAll(async () => {
    guest = await startGuest()
    mkdirSync(join(guest.config.workspaceDir, 'here'))
  })
  afterAll(() => guest.stop())
  const exec = async (argv: string[], timeoutMs = 10_000) => {
    const body = JSON.stringify({ argv, timeoutMs })
    const answer = await guest.call({ ...GUEST_ROUTES.exec, body })
    if (answer.status !== 200) return { status: answer.status, ...JSON.parse(answer.text) }
    return parseJson(guestExecReply, answer.body)
  }

  it('runs in the workspace and gives back what it said and how it ended', async () => {
    expect(await exec(['sh', '-c', 'ls; echo no >&2; exit 3'])).toEqual({
      ...{ exitCode: 3, stdout: 'here\n', stderr: 'no\n', isTruncated: false, isTimedOut: false },
    })
  })

  it('takes an argument for what it is, not for shell', async () => {
    expect(await exec(['echo', '$HOME; ls'])).toMatchObject({ stdout: '$HOME; ls\n' })
  })

  it('does not show the token to the program', async () => {
    const { stdout } = (await exec(['env'])) as { stdout: string }
    expect(stdout).not.toContain(guest.config.token)
  })

  it('ends a program that takes too long, with its children', async () => {
    // Long enough for a shell to begin on a busy machine.
    const reply = await exec(['sh', '-c', 'echo begun; sleep 600 & sleep 600'], 3_000)
    expect(reply).toMatchObject({ exitCode: null, isTimedOut: true, stdout: 'begun\n' })
  })

  it('does not wait for what was left in the background', async () => {
    expect(await exec(['sh', '-c', 'sleep 600 & echo done'])).toMatchObject({ stdout: 'done\n' })
  })

  it('cuts an output without end', async () => {
    const reply = (await exec(['sh', '-c', 'yes | head -c 2000000'])) as { stdout: string }
    expect(reply).toMatchObject({ exitCode: 0, isTruncated: true })
    expect(reply.stdout).toHaveLength(256 * 1024)
  })

  it('says that a program is not there', async () => {
    expect(await exec(['/no/such/program'])).toMatchObject({ status: 404, code: 'NOT_FOUND' })
  })

  it('refuses a request that is not well formed, naming the field', async () => {
    const wrong = await guest.call({ ...GUEST_ROUTES.exec, body: '{"argv":[],"timeoutMs":1000}' })
    expect(JSON.parse(wrong.text)).toMatchObject({ code: 'VALIDATION', issues: [{ path: 'argv' }] })
    const broken = await guest.call({ ...GUEST_ROUTES.exec, body: '{' })
    expect(JSON.parse(broken.text).code).toBe('BAD_REQUEST')
    const large = await guest.call({ ...GUEST_ROUTES.exec, body: 'x'.repeat(2 * 1024 ** 2) })
    expect([large.status, JSON.parse(large.text).code]).toEqual([413, 'BODY_TOO_LARGE'])
  })
})
