import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { appendFile, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import type { StartCommand } from '@vessel/proto/commands/start'
import { type VmRecord, vmRecord } from '../src/vm/record.ts'
import { isThere, startCommand } from './support/agent.ts'
import { until } from './support/processes.ts'
import { createWorld, type World } from './support/world.ts'

const TEST_MS = 90_000
/** Above the limit from which uploads are resumable, and not to be squeezed below it. */
const LARGE_BYTES = 8 * 1024 * 1024
/** A file that changed less long ago is sent again (`pack-index.ts` of the guest agent). */
const SETTLED_MS = 2_000

describe('a save after a save', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({ CHECKPOINT_EVERY_MS: '300' })
  }, TEST_MS)
  afterEach(() => world.cleanup.run(), TEST_MS)

  const recordOf = async ({ session }: StartCommand): Promise<VmRecord> =>
    vmRecord.parse(JSON.parse(await readFile(world.agent.paths.record(session), 'utf8')))

  async function bootWithFiles(): Promise<StartCommand> {
    const command = startCommand()
    const place = world.agent.paths.workspace(command.session)
    await world.boot(command)
    await writeFile(join(place, 'data.bin'), randomBytes(LARGE_BYTES))
    await until('the file has settled', async () => {
      return Date.now() - (await stat(join(place, 'data.bin'))).ctimeMs > SETTLED_MS
    })
    return command
  }

  /** Changes a file; the commit of the checkpoint that follows, once the host is done with it. */
  async function editAndSave(command: StartCommand) {
    const { orchestrator, storage, agent } = world
    const before = orchestrator.commits.length
    await appendFile(join(agent.paths.workspace(command.session), 'notes.txt'), 'a line\n')
    const base = await until('the next archive is kept', async () => {
      const { base: kept, pending } = await recordOf(command)
      const isNew = kept?.bytes === orchestrator.commits.at(-1)?.bytes
      return orchestrator.commits.length > before && isNew && !pending ? kept : null
    })
    const commit = orchestrator.commits.at(-1)
    const object = storage.objects.get(commit?.path ?? '') ?? Buffer.alloc(0)
    expect(createHash('sha256').update(object).digest('hex')).toBe(commit?.sha256)
    const written = (await stat(agent.paths.packed(command.session, base.file))).size
    return { object, written, file: agent.paths.packed(command.session, base.file) }
  }

  it(
    'writes and sends to the host only what is new, also after a restart of the agent',
    async () => {
      const { agent, orchestrator } = world
      const command = await bootWithFiles()
      await editAndSave(command)
      const second = await editAndSave(command)
      expect(second.object.length).toBeGreaterThan(LARGE_BYTES)
      expect(second.written).toBeLessThan(second.object.length / 1_000)
      await agent.crash()
      await agent.start()
      const third = await editAndSave(command)
      expect(third.written).toBeLessThan(third.object.length / 1_000)

      await world.stop(command)
      expect((await orchestrator.event(command.session, 'stopped', 60_000)).isSaved).toBe(true)
      expect(isThere(agent.paths.vm(command.session))).toBe(false)
    },
    TEST_MS,
  )

  it(
    'is whole when what it would build on is damaged',
    async () => {
      const command = await bootWithFiles()
      await editAndSave(command)
      await editAndSave(command)
      const staging = world.agent.paths.staging(command.session)
      for (const name of await readdir(staging)) {
        if (!name.endsWith('.zip')) continue
        const content = readFileSync(join(staging, name))
        content.fill(0, 40, Math.ceil(content.length / 2))
        writeFileSync(join(staging, name), content)
      }
      const after = await editAndSave(command)
      expect(after.written).toBe(after.object.length)
      const again = await editAndSave(command)
      expect(again.written).toBeLessThan(again.object.length / 1_000)
    },
    TEST_MS,
  )
})
