import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PROBLEM_CONTENT_TYPE } from '@vessel/proto/http/problem'
import { REST_ROUTES, type RestRoute, type RouteName } from '@vessel/proto/http/routes'
import { call } from './support/call.ts'
import { type HttpStack, startHttp } from './support/http-stack.ts'

const ROUTES = Object.entries(REST_ROUTES) as [RouteName, RestRoute][]

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly security: unknown
  readonly parameters?: readonly { readonly in: string; readonly name: string }[]
  readonly requestBody?: { readonly content: Record<string, { schema: unknown }> }
  readonly responses: Record<string, { content: Record<string, { schema: unknown }> }>
}

interface Document {
  readonly openapi: string
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { schemas: Record<string, unknown>; securitySchemes: object }
}

let stack: HttpStack
let document: Document
beforeAll(async () => {
  stack = await startHttp()
  document = (await call(stack, 'GET /docs/json')).body
}, 60_000)
afterAll(() => stack?.stop())

const operationOf = ({ method, path }: RestRoute): Operation | undefined =>
  document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()]

describe('the description at /docs', () => {
  it('has every route of the contract and no other', () => {
    const described = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    )
    expect(described.sort()).toEqual(ROUTES.map(([name]) => name).sort())
  })

  it.each(ROUTES)('says of %s what it takes, what it answers and how it refuses', (name, route) => {
    const operation = operationOf(route)
    expect(operation).toMatchObject({ operationId: name, summary: route.summary })
    expect(operation?.security).toEqual([{ supabase: [] }])
    const params = (operation?.parameters ?? []).filter((parameter) => parameter.in === 'path')
    const named = [...route.path.matchAll(/:(\w+)/g)].map(([, param]) => param)
    expect(params.map((parameter) => parameter.name).sort()).toEqual(named.sort())
    const hasQuery = operation?.parameters?.some((parameter) => parameter.in === 'query') === true
    expect(hasQuery).toBe(route.query !== undefined)
    if (route.body) expect(operation?.requestBody?.content['application/json']).toBeDefined()

    const responses = operation?.responses ?? {}
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(Object.keys(route.replies)))
    for (const status of Object.keys(route.replies)) {
      expect(responses[status]?.content['application/json']?.schema).toBeDefined()
    }
    for (const status of ['400', '401', '403', '429', '500', '503']) {
      expect(responses[status]?.content[PROBLEM_CONTENT_TYPE]?.schema).toEqual({
        $ref: '#/components/schemas/Problem',
      })
    }
  })

  it('refers only to schemas it has', () => {
    const refs = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)]
    const known = Object.keys(document.components.schemas)
    expect(refs.length).toBeGreaterThan(0)
    expect(refs.map(([, name]) => name).filter((name) => !known.includes(name ?? ''))).toEqual([])
  })

  it('is served to nobody where an operator does not want it', async () => {
    const silent = await startHttp({ hasDocs: false })
    try {
      for (const path of ['/docs', '/docs/', '/docs/json']) {
        expect((await call(silent, `GET ${path}`)).status).toBe(404)
      }
      expect((await call(silent, 'GET /api/projects', { as: silent.ann })).status).toBe(200)
    } finally {
      await silent.stop()
    }
  })

  it('is a page that a browser may show, with its own scripts only', async () => {
    const page = await call(stack, 'GET /docs/')
    expect(page.status).toBe(200)
    expect(page.body).toContain('swagger-ui')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe-eval')
    expect(policy).not.toContain('upgrade-insecure-requests')
  })
})
