import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  createProject,
  openTarget,
  requestSession,
  type Target,
  type TestProject,
  type TestUser,
} from './target.ts'

let target: Target
let owner: TestUser
let projects: TestProject[]
beforeAll(async () => {
  target = await openTarget()
  owner = await target.user()
  projects = []
  for (const name of ['alpha', 'beta, (x)', 'gamma%']) {
    projects.push(await createProject(target, owner.id, name))
  }
  await requestSession(target, projects[0]?.id ?? '', owner.id)
}, 60_000)
afterAll(() => target?.stop())

const mine = (columns = 'id,name') =>
  target.admin().from('projects').select(columns).eq('user_id', owner.id)

async function names(query: PromiseLike<{ data: unknown; error: unknown }>): Promise<string[]> {
  const { data, error } = await query
  if (error !== null) throw error
  return (data as { name: string }[]).map(({ name }) => name).sort()
}

describe('filters', () => {
  it('compares with eq, neq, gt, gte, lt, lte', async () => {
    expect(await names(mine().eq('name', 'alpha'))).toEqual(['alpha'])
    expect(await names(mine().neq('name', 'alpha'))).toHaveLength(2)
    expect(await names(mine().gt('cpu_count', 4))).toEqual([])
    expect(await names(mine().gte('cpu_count', 4).lte('cpu_count', 4))).toHaveLength(3)
    expect(await names(mine().lt('cpu_count', 4))).toEqual([])
  })

  it('matches patterns with like and ilike, where % is the wildcard', async () => {
    expect(await names(mine().like('name', 'al%'))).toEqual(['alpha'])
    expect(await names(mine().ilike('name', 'AL%'))).toEqual(['alpha'])
    expect(await names(mine().like('name', 'AL%'))).toEqual([])
  })

  it('takes lists with in, values with commas and parentheses included', async () => {
    expect(await names(mine().in('name', ['alpha', 'beta, (x)']))).toHaveLength(2)
    expect(await names(mine().in('name', []))).toEqual([])
    expect(await names(mine().not('name', 'in', '("alpha","gamma%")'))).toHaveLength(1)
  })

  it('tests for null and booleans with is, and negates with not', async () => {
    expect(await names(mine().is('deleted_at', null))).toHaveLength(3)
    expect(await names(mine().not('deleted_at', 'is', null))).toEqual([])
    expect(await names(mine().is('count_running_command', false))).toHaveLength(3)
  })

  it('joins conditions with or and and, nested', async () => {
    expect(await names(mine().or('name.eq.alpha,name.like.gamma*'))).toHaveLength(2)
    const nested = 'and(name.eq.alpha,cpu_count.eq.4),and(name.eq.alpha,cpu_count.eq.5)'
    expect(await names(mine().or(nested))).toEqual(['alpha'])
    expect(await names(mine().or('name.in.("alpha","nope"),id.is.null'))).toEqual(['alpha'])
    expect(await names(mine().or('not.and(name.eq.alpha,cpu_count.eq.4)'))).toHaveLength(2)
  })

  it('looks into JSON with contains and with arrows', async () => {
    expect(await names(mine().contains('ignore_patterns', '[]'))).toHaveLength(3)
    expect(await names(mine().contains('environment', { A: '1' }))).toEqual([])
    expect(await names(mine().filter('environment->>A', 'is', null))).toHaveLength(3)
  })

  it('answers a value of the wrong type with 400 and its SQLSTATE', async () => {
    const { error, status } = await target.admin().from('projects').select('id').eq('id', 'nope')
    expect({ status, code: error?.code }).toEqual({ status: 400, code: '22P02' })
  })

  it('answers an unknown column with 400 and an unknown table with 404', async () => {
    const column = await target.admin().from('projects').select('id,nope')
    expect([column.status, column.error?.code]).toEqual([400, '42703'])
    const relation = await target.admin().from('nope').select('*')
    expect([relation.status, relation.error?.code]).toEqual([404, 'PGRST205'])
  })
})

describe('order, pages and counts', () => {
  it('orders by several columns', async () => {
    const { data } = await mine().order('cpu_count').order('name', { ascending: false })
    expect((data as unknown as { name: string }[]).map(({ name }) => name)).toEqual([
      'gamma%',
      'beta, (x)',
      'alpha',
    ])
  })

  it('puts nulls where it is told', async () => {
    await target.admin().from('projects').update({ idle_stop_ms: 60_000 }).eq('name', 'alpha')
    const order = (nullsFirst: boolean) => mine().order('idle_stop_ms', { nullsFirst }).limit(1)
    expect(await names(order(false))).toEqual(['alpha'])
    expect(await names(order(true))).not.toEqual(['alpha'])
  })

  it('pages by range and counts exactly', async () => {
    const query = target
      .admin()
      .from('projects')
      .select('name', { count: 'exact' })
      .eq('user_id', owner.id)
    const { data, count } = await query.order('name').range(1, 1)
    expect(data).toHaveLength(1)
    expect(count).toBe(3)
    const head = await target
      .admin()
      .from('projects')
      .select('*', { count: 'exact', head: true })
      .eq('user_id', owner.id)
    expect([head.count, head.data]).toEqual([3, null])
  })

  it('answers single with one row or PGRST116, and maybeSingle with null for none', async () => {
    const one = await mine().eq('name', 'alpha').single()
    expect(one.data).toMatchObject({ name: 'alpha' })
    const many = await mine().single()
    expect([many.status, many.error?.code]).toEqual([406, 'PGRST116'])
    const none = await mine().eq('id', randomUUID()).maybeSingle()
    expect([none.data, none.error]).toEqual([null, null])
    const tooMany = await mine().maybeSingle()
    expect(tooMany.error?.code).toBe('PGRST116')
  })
})

describe('embedded resources', () => {
  it('embeds many rows under their parent, and one parent in its row', async () => {
    const { data } = await mine('name,sessions(status),archives(bytes,seq)').eq('name', 'alpha')
    expect(data).toEqual([
      { name: 'alpha', sessions: [{ status: 'requested' }], archives: [{ bytes: 100, seq: 1 }] },
    ])
    const up = await target
      .admin()
      .from('sessions')
      .select('status,project:projects(name,archives(format))')
      .eq('project_id', projects[0]?.id ?? '')
      .single()
    expect(up.data).toEqual({
      status: 'requested',
      project: { name: 'alpha', archives: [{ format: 'zip' }] },
    })
  })

  it('keeps parents without children, unless the embed is inner', async () => {
    expect(await names(mine('name,sessions(id)'))).toHaveLength(3)
    expect(await names(mine('name,sessions!inner(id)'))).toEqual(['alpha'])
    const filtered = mine('name,sessions!inner(id)').eq('sessions.status', 'ready')
    expect(await names(filtered)).toEqual([])
  })

  it('filters, orders and limits the embedded rows alone', async () => {
    const { data } = await mine('name,sessions(id)').eq('sessions.status', 'ready').order('name')
    expect(data).toContainEqual({ name: 'alpha', sessions: [] })
    const limited = await mine('name,archives(id)')
      .order('created_at', { referencedTable: 'archives' })
      .limit(0, { referencedTable: 'archives' })
    expect(limited.data).toContainEqual({ name: 'alpha', archives: [] })
  })

  it('answers a relationship that is not there with PGRST200', async () => {
    const { error, status } = await target.admin().from('archives').select('id,nope(id)')
    expect([status, error?.code]).toEqual([400, 'PGRST200'])
  })
})
