import { VesselError } from '@vessel/proto/errors'
import { REST_ROUTES } from '@vessel/proto/http/routes'
import type { FastifyInstance, HTTPMethods } from 'fastify'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'] as const

/** A path of ours with a method it does not have: 405, and which it has. */
export function refuseOtherMethods(app: FastifyInstance): void {
  for (const [path, allowed] of methodsByPath()) {
    const others: HTTPMethods[] = METHODS.filter((method) => !allowed.has(method))
    app.route({
      method: others,
      url: path,
      schema: { hide: true },
      onRequest: async (_request, reply) => {
        reply.header('allow', [...allowed].join(', '))
        throw new VesselError('METHOD_NOT_ALLOWED')
      },
      // Never reached: the refusal comes before a body is read.
      handler: async () => undefined,
    })
  }
}

function methodsByPath(): ReadonlyMap<string, ReadonlySet<string>> {
  const byPath = new Map<string, Set<string>>()
  for (const { method, path } of Object.values(REST_ROUTES)) {
    const methods = byPath.get(path) ?? new Set()
    methods.add(method)
    if (method === 'GET') methods.add('HEAD')
    byPath.set(path, methods)
  }
  return byPath
}
