import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Keyring } from '../keys/keyring.ts'
import type { AdminService } from './admin-service.ts'
import { authErrors } from './auth-error.ts'
import { bearerCaller } from './bearer-caller.ts'
import { adminUserBody, parseBody } from './bodies.ts'

const PER_PAGE_DEFAULT = 50
const PER_PAGE_MAX = 1_000

const pageQuery = z.object({
  page: z.coerce.number().int().min(1).catch(1),
  per_page: z.coerce.number().int().min(1).max(PER_PAGE_MAX).catch(PER_PAGE_DEFAULT),
})

function idOf(params: unknown): string {
  const id = z.uuid().safeParse((params as { id?: unknown }).id)
  if (!id.success) throw authErrors.invalid('user_id must be an UUID')
  return id.data
}

/** The admin part of GoTrue: every route needs the service role. */
export function adminRoutes({ admin, keyring }: { admin: AdminService; keyring: Keyring }) {
  return async (app: FastifyInstance): Promise<void> => {
    app.addHook('onRequest', async (request) => {
      const caller = await bearerCaller(request, keyring)
      if (caller.role !== 'service_role') throw authErrors.notAdmin()
    })
    app.post('/users', async (request) => admin.create(parseBody(adminUserBody, request.body)))
    app.get('/users', async (request, reply) => {
      const { page, per_page: limit } = pageQuery.parse(request.query)
      const { users, total } = await admin.list({ limit, offset: (page - 1) * limit })
      reply.header('x-total-count', total)
      return { users, aud: 'authenticated' }
    })
    app.get('/users/:id', async (request) => admin.get(idOf(request.params)))
    app.put('/users/:id', async (request) =>
      admin.change(idOf(request.params), parseBody(adminUserBody, request.body)),
    )
    app.delete('/users/:id', async (request) => {
      await admin.remove(idOf(request.params))
      return {}
    })
  }
}
