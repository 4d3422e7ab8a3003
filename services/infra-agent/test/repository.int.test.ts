import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { startGitServer } from '@vessel/guest-agent/testing/git-server'
import { isThere, startCommand } from './support/agent.ts'
import { createWorld, type World } from './support/world.ts'

const TEST_MS = 90_000
const TOKEN = 'a-secret-of-the-owner'

let world: World
beforeEach(async () => {
  world = await createWorld()
}, TEST_MS)
afterEach(() => world.cleanup.run(), TEST_MS)

async function startCommandOf(token: string | null) {
  const folder = await world.cleanup.folder()
  const server = await startGitServer({ folder, token: TOKEN })
  world.cleanup.add(() => server.stop())
  return startCommand({ git: { url: server.url, ref: null, token } })
}

describe('a session of a project from a repository', () => {
  it(
    'is filled from it, tells so, forgets the token, and is saved with its history',
    async () => {
      const { agent, orchestrator } = world
      const command = await startCommandOf(TOKEN)
      const { session } = command
      await world.boot(command)
      const workspace = agent.paths.workspace(session)
      expect(await readFile(join(workspace, 'README.md'), 'utf8')).toBe('from the repository\n')
      expect(await readFile(agent.paths.record(session), 'utf8')).not.toContain(TOKEN)

      await world.stop(command)
      await orchestrator.event(session, 'stopped')
      const [commit] = orchestrator.commits
      expect(commit?.entries).toBeGreaterThan(20)
      const told = JSON.stringify(await orchestrator.feed(session))
      expect(told).toContain('cloned the repository')
      expect(told).not.toContain(TOKEN)
    },
    TEST_MS,
  )

  it(
    'fails with what git said when it may not be read, and leaves nothing behind',
    async () => {
      const { agent, orchestrator } = world
      const command = await startCommandOf(null)
      await orchestrator.command('start', command)
      const failed = await orchestrator.event(command.session, 'failed')
      expect(failed).toMatchObject({ stage: 'hydrate', code: 'CLONE_FAILED' })
      expect(isThere(agent.paths.vm(command.session))).toBe(false)
    },
    TEST_MS,
  )
})
