import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../hub/support/until.ts'
import { boot, untilStarted, untilState } from './support/steps.ts'
import { type Owner, World } from './support/world.ts'

const GIT = { url: 'https://git.example.com/ann/tool.git', ref: 'v2' }

let world: World
beforeAll(async () => {
  world = await World.create()
}, 60_000)
afterEach(() => world.reset())
afterAll(() => world.destroy())

async function ownerOfRepository(token: string | null): Promise<Owner> {
  const owner = await world.owner()
  const { projectId: id } = owner
  await world.supabase.sql(
    "update projects set template_type = 'git', git_url = $2, git_ref = $3 where id = $1",
    [id, GIT.url, GIT.ref],
  )
  if (token) {
    await world.supabase.sql('insert into project_secrets values ($1, $2)', [id, token])
  }
  return owner
}

describe('opening a project from a repository', () => {
  it('has the host clone it until something was saved, and never after', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const owner = await ownerOfRepository('secret')
    const first = await boot(core, owner)
    await untilStarted(host, first.id)
    expect(host.starts[0]).toMatchObject({ archive: null, git: { ...GIT, token: 'secret' } })
    await host.end(first.id)
    await untilState(core, first.id, 'stopped')

    await world.supabase.sql('update projects set head_epoch = 2 where id = $1', [owner.projectId])
    const second = await boot(core, owner)
    await untilStarted(host, second.id)
    expect(host.starts[1]).toMatchObject({ archive: { bytes: 3 }, git: null })
  })

  it('goes without a token where it is public', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const { id } = await boot(core, await ownerOfRepository(null))
    await untilStarted(host, id)
    expect(host.starts[0]).toMatchObject({ git: { ...GIT, token: null } })
  })
})

describe('an administrator who drains a host or opens it again', () => {
  it('is written down where nobody can change it, before the host is told', async () => {
    const core = await world.core()
    const host = await world.host('a1')
    const { userId: admin } = await world.owner()
    await until(() => core.hosts.list().length > 0, { what: 'the host is known' })
    await core.hosts.drain(host.id, admin)
    await core.hosts.resume(host.id, admin)
    const notes = await world.supabase.sql(
      "select action, actor_id, host_id from audit where action like 'host.%' order by id",
    )
    expect(notes).toEqual([
      { action: 'host.drain', actor_id: admin, host_id: 'a1' },
      { action: 'host.resume', actor_id: admin, host_id: 'a1' },
    ])
    await expect(
      world.supabase.sql("delete from audit where action like 'host.%'"),
    ).rejects.toThrow('append-only')
  })
})
