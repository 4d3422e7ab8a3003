import type { FastifyRequest } from 'fastify'

const PATH_CHARS_MAX = 300

/** Without the query, which may hold codes; cut, because anyone may ask for anything. */
export function pathOf(request: FastifyRequest): string {
  const [path = ''] = request.url.split('?', 1)
  return path.slice(0, PATH_CHARS_MAX)
}

/** The template of the route: what requests of one kind have in common. */
export function templateOf(request: FastifyRequest): string {
  return request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched')
}
