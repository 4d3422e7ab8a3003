import { describe, expect, it } from '@jest/globals'
import { REST_ROUTES, type RestRoute, type RouteName } from '@vessel/proto/http/routes'
import { PARAMS } from './params.ts'
import { problemStatuses } from './problem-statuses.ts'

const ROUTES = Object.entries(REST_ROUTES) as [RouteName, RestRoute][]

describe('the description of a route', () => {
  it.each(ROUTES)('%s has a schema for each part of its path', (name, { path }) => {
    const parts = [...path.matchAll(/:(\w+)/g)].map(([, part]) => part)
    expect(Object.keys(PARAMS[name].shape)).toEqual(parts)
  })

  it('tells that a thing may not be there, and that a body may be too large', () => {
    expect(problemStatuses('getProject', REST_ROUTES.getProject)).toContain(404)
    expect(problemStatuses('boot', REST_ROUTES.boot)).toEqual(
      expect.arrayContaining([404, 409, 413, 415, 429]),
    )
    expect(problemStatuses('importProject', REST_ROUTES.importProject)).toContain(422)
  })
})
