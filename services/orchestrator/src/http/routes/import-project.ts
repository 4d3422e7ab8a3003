import { VesselError } from '@vessel/proto/errors'
import type { Handler } from '../route.ts'

export const importProject: Handler<'importProject'> = async (call, deps) => {
  const { principal, query, upload, signal } = call
  if (!upload) throw new VesselError('BAD_REQUEST', { detail: 'Send the zip as the body.' })
  const wish = { userId: principal.userId, name: query.name, key: call.key }
  const file = { bytes: upload, bytesMax: deps.limits.importBytesMax, signal }
  return { status: 201, body: await deps.projects.import(wish, file) }
}
