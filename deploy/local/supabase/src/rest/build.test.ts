import { describe, expect, it } from '@jest/globals'
import { buildCall } from './build-call.ts'
import { buildRead } from './build-read.ts'
import { buildDelete, buildInsert, buildUpdate } from './build-write.ts'
import type { Catalog, Column } from './catalog.ts'
import { parseQuery } from './parse-query.ts'
import { RestError } from './rest-error.ts'

function columns(types: Record<string, string>): ReadonlyMap<string, Column> {
  return new Map(Object.entries(types).map(([name, type]) => [name, { name, type }]))
}

const parent = columns({ id: 'uuid', 'na"me': 'text', data: 'jsonb' })
const child = columns({ id: 'integer', parent_id: 'uuid', n: 'integer' })
const key = {
  ...{ name: 'child_fk', from: 'child', fromColumns: ['parent_id'] },
  ...{ to: 'parent', toColumns: ['id'], isUnique: false },
}
const fn = {
  name: 'f',
  args: [
    { name: 'a', type: 'uuid', isRequired: true },
    { name: 'b', type: 'jsonb', isRequired: false },
  ],
  ...{ returns: 'row' as const, isSet: true, relation: 'child', columns: child },
}
const catalog: Catalog = {
  relations: new Map([
    ['parent', { name: 'parent', columns: parent, primaryKey: ['id'] }],
    ['child', { name: 'child', columns: child, primaryKey: ['id'] }],
  ]),
  foreignKeys: [key],
  functions: new Map([['f', [fn]]]),
}

const query = (text: string) => parseQuery(new URLSearchParams(text))
const read = (relation: string, text: string) =>
  buildRead(catalog, { relation, query: query(text) }, { isCounted: false })

describe('statements', () => {
  it('are made of catalog names and parameters only', () => {
    const { sql, params } = read(
      'parent',
      `"na\\"me"=eq.' or 1=1&id=in.(x,y)&order=id.desc&limit=5`,
    )
    expect(sql).toContain(`t0."na""me" = ($1::text)::text`)
    expect(sql).toContain('t0."id" in (($2::text)::uuid, ($3::text)::uuid)')
    expect(sql).toContain('order by t0."id" desc limit ($4::text)::bigint')
    expect(params).toEqual([`' or 1=1`, 'x', 'y', '5'])
    expect(sql).not.toContain('1=1')
  })

  it('embed the many side as a list and the one side as an object', () => {
    const many = read('parent', 'select=id,child(n)&child.n=gt.3&child.order=n').sql
    expect(many).toContain('json_agg(t2)')
    expect(many).toContain('t1."parent_id" = t0."id" and (t1."n" > ($1::text)::integer)')
    const one = read('child', 'select=n,parent(id)').sql
    expect(one).toContain('row_to_json(t2)')
    expect(one).toContain('t1."id" = t0."parent_id"')
  })

  it('keep only parents that have children of an inner embed', () => {
    const { sql } = read('parent', 'select=id,child!inner(n)&child.n=eq.1')
    expect(sql).toContain('where exists (select 1 from "public"."child"')
  })

  it('number parameters in the order they stand, counts included', () => {
    const counted = buildRead(
      catalog,
      { relation: 'parent', query: query('id=eq.1&data->a->>b=eq.2') },
      { isCounted: true },
    )
    expect(counted.params).toEqual(['1', 'a', 'b', '2'])
    expect(counted.sql.match(/\(select count\(\*\)::int from/g)).toHaveLength(1)
  })

  it('insert from JSON text as it came and return only what is selected', () => {
    const rowsJson = '[{"id": 12345678901234567890}]'
    const { sql, params } = buildInsert(catalog, {
      ...{ relation: 'child', query: query('select=n'), rowsJson, columns: ['id', 'n'] },
      ...{ onDuplicate: 'merge', isReturned: true },
    })
    expect(params).toEqual([rowsJson])
    expect(sql).toContain(
      'on conflict ("id") do update set "id" = excluded."id", "n" = excluded."n" returning t0."n"',
    )
  })

  it('return no column when nothing is asked for', () => {
    const target = { relation: 'child', query: query('id=eq.1'), isReturned: false }
    expect(buildDelete(catalog, target).sql).toContain('returning 1')
    const update = buildUpdate(catalog, { ...target, rowJson: '{"n":1}', columns: ['n'] })
    expect(update.sql).toContain('set "n" = p."n"')
  })

  it('call functions with named arguments out of one JSON object', () => {
    const call = { fn, query: query('select=n&n=lt.5'), argsJson: '{"a":"x"}', given: ['a'] }
    const { sql, params } = buildCall(catalog, call, { isCounted: false })
    expect(sql).toContain('json_to_record(($1::text)::json) as a("a" uuid)')
    expect(sql).toContain('"public"."f"("a" := a."a")')
    expect(params).toEqual(['{"a":"x"}', '5'])
  })
})

describe('refusals', () => {
  it.each([
    ['nope', 'select=*', 'PGRST205'],
    ['parent', 'select=nope', '42703'],
    ['parent', 'nope=eq.1', '42703'],
    ['parent', 'order=nope', '42703'],
    ['parent', 'select=nope(id)', 'PGRST200'],
    ['parent', 'child.n=eq.1', 'PGRST108'],
    ['child', 'select=parent!other(id)', 'PGRST200'],
  ])('name what is unknown: %s?%s', (relation, text, code) => {
    expect(() => read(relation, text)).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) }),
    )
  })

  it('say that two ways lead to one table', () => {
    const other = { ...key, name: 'child_fk_2' }
    const twice = { ...catalog, foreignKeys: [key, other] }
    const build = (text: string) =>
      buildRead(twice, { relation: 'parent', query: query(text) }, { isCounted: false })
    expect(() => build('select=child(n)')).toThrow(expect.objectContaining({ status: 300 }))
    expect(build('select=child!child_fk_2(n)').sql).toContain('json_agg')
  })

  it('stop a change without a filter and one with a limit', () => {
    const target = { relation: 'child', isReturned: false }
    expect(() => buildDelete(catalog, { ...target, query: query('') })).toThrow(RestError)
    expect(() => buildDelete(catalog, { ...target, query: query('id=eq.1&limit=1') })).toThrow(
      expect.objectContaining({ status: 501 }),
    )
  })
})
