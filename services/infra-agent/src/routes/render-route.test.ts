import { describe, expect, it } from '@jest/globals'
import { routeFile } from '@vessel/proto/gateway/route-file'
import { ASLEEP_PATH, HEADERS } from '@vessel/proto/headers'
import { bootId, opId, projectId, projectSlug, sessionId } from '@vessel/proto/ids'
import { newRecord } from '../vm/new-record.ts'
import { renderAsleep, renderRoute } from './render-route.ts'

const id = '11111111-1111-4111-8111-111111111111'
const record = newRecord(
  {
    ...{ opId: opId.parse(id), session: sessionId.parse(id), project: projectId.parse(id) },
    ...{
      slug: projectSlug.parse('demo'),
      epoch: 1,
      archive: null,
      git: null,
      ignore: [],
      environment: {},
    },
    spec: { cpuCount: 1, memoryMib: 256, diskMib: 256 },
    ...{ ticketKeys: [], leaseMs: 1, bootDeadlineMs: 1 },
  },
  { bootId: bootId.parse(id), token: 't'.repeat(40), nowMs: 0, local: null },
)
const context = {
  base: { scheme: 'http', domain: 'localhost', portSuffix: ':8080' },
  agentUrl: 'http://127.0.0.1:7070',
} as const

describe('a route', () => {
  const endpoint = { ip: '127.0.0.1', port: 4_321 }

  it('is none before the machine has an address', () => {
    expect(renderRoute(record, context)).toBeNull()
  })

  it('is what the gateway accepts, with a pair of routers per name', () => {
    const route = renderRoute({ ...record, endpoint, ports: [3000] }, context)
    const { http } = routeFile.parse(route)
    expect(Object.values(http.routers).map(({ rule }) => rule)).toEqual([
      'Host(`demo.localhost`)',
      'Host(`demo.localhost`) && PathPrefix(`/_vessel/`)',
      'Host(`3000--demo.localhost`)',
      'Host(`3000--demo.localhost`) && PathPrefix(`/_vessel/`)',
    ])
  })

  it('leads to the machine only through the access check', () => {
    const route = renderRoute({ ...record, endpoint, ports: [3000] }, context)
    const routers = Object.values(routeFile.parse(route).http.routers)
    const toGuest = routers.filter(({ service }) => service === `guest-${id}`)
    expect(toGuest).toHaveLength(2)
    for (const { middlewares } of toGuest) expect(middlewares).toEqual([`auth-${id}`])
  })

  it('lets no client say what only the access check may say', () => {
    const { http } = routeFile.parse(renderRoute({ ...record, endpoint }, context))
    expect(http.middlewares?.[`auth-${id}`]).toMatchObject({
      forwardAuth: {
        authResponseHeaders: [HEADERS.guestToken, HEADERS.target, HEADERS.visitor, 'cookie'],
      },
    })
  })

  it('says nothing secret', () => {
    const text = JSON.stringify(renderRoute({ ...record, endpoint }, context))
    expect(text).not.toContain(record.token)
  })
})

describe('the route of names that nothing runs under', () => {
  it('comes after every other one and can ask the agent for one page only', () => {
    const { http } = routeFile.parse(renderAsleep(context))
    const [router] = Object.values(http.routers)
    expect(router).toMatchObject({ rule: 'PathPrefix(`/`)', priority: 1 })
    const named = router?.middlewares?.map((name) => http.middlewares?.[name])
    expect(named).toEqual([{ replacePath: { path: ASLEEP_PATH } }])
  })
})
