import type { IncomingMessage, ServerResponse } from 'node:http'
import { VesselError } from '@vessel/proto/errors'
import { previewRequest } from '@vessel/proto/guest/api'
import { readJson } from '../http/read-json.ts'
import { sendJson } from '../http/respond.ts'
import type { Workspace } from './workspace.ts'

/** POST /v1/workspace/preview. */
export async function handlePreview(
  workspace: Workspace,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { ignore } = await readJson(request, previewRequest)
  const gone = new AbortController()
  response.once('close', () => gone.abort(new VesselError('CANCELLED')))
  sendJson(response, 200, await workspace.preview(ignore, gone.signal))
}
