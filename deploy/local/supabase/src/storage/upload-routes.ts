import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { OWNER } from '../db/database.ts'
import { abortOnClose } from './abort-on-close.ts'
import type { ObjectRow } from './object-rows.ts'
import { ownerOf } from './object-rows.ts'
import { readUpload } from './read-upload.ts'
import type { StorageRoutesDeps } from './routes.ts'
import { type KeyParams, keyOf, storageCaller } from './storage-caller.ts'
import { storageErrors } from './storage-error.ts'
import type { StorageService, UploadTarget } from './storage-service.ts'

type TargetRights = Pick<UploadTarget, 'bucket' | 'name' | 'caller' | 'ownerId' | 'isUpsert'>

async function receive(
  service: StorageService,
  request: FastifyRequest,
  rights: TargetRights,
): Promise<ObjectRow> {
  const { stream, bytesExpected, ...about } = await readUpload(request)
  const body = { stream, bytesExpected, signal: abortOnClose(request) }
  return service.upload({ ...rights, ...about }, body)
}

function answer(reply: FastifyReply, row: ObjectRow): FastifyReply {
  return reply.send({ Id: row.id, Key: `${row.bucket_id}/${row.name}` })
}

/** Routes whose body is the object itself: it is handed on as a stream and never parsed. */
export function uploadRoutes({ service, keyring }: StorageRoutesDeps) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))

    app.route<{ Params: KeyParams }>({
      method: ['POST', 'PUT'],
      url: '/object/:bucket/*',
      handler: async (request, reply) => {
        const caller = await storageCaller(request, keyring)
        // PUT replaces what is there; POST does so only when asked.
        const isUpsert = request.method === 'PUT' || request.headers['x-upsert'] === 'true'
        const rights = { ...keyOf(request.params), caller, ownerId: ownerOf(caller), isUpsert }
        return answer(reply, await receive(service, request, rights))
      },
    })

    app.put<{ Params: KeyParams; Querystring: { token?: string } }>(
      '/object/upload/sign/:bucket/*',
      async (request, reply) => {
        const key = keyOf(request.params)
        const grant = await service.openUploadToken(request.query.token ?? '')
        const isSameKey = grant.bucket === key.bucket && grant.name === key.name
        if (!isSameKey) throw storageErrors.invalidSignature()
        // Who signed had the right; what the token says about replacing is final.
        const row = await receive(service, request, { ...grant, caller: OWNER })
        return answer(reply, row)
      },
    )
  }
}
