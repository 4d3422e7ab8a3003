import { randomUUID } from 'node:crypto'
import { createClient } from '@supabase/supabase-js'
import { exec } from '@vessel/proto/commands/exec'
import { hostId, opId, sessionId } from '@vessel/proto/ids'
import { replyEnvelope } from '@vessel/proto/message'
import { parseJson } from '@vessel/proto/parse'
import { subjects } from '@vessel/proto/subjects'
import { closingAfter } from '../../support/closing.ts'
import { connectAsOrchestrator } from './history.ts'
import type { Product } from './product.ts'

const TIMEOUT_MS = 60_000

/** Runs a program in a session's machine, as the orchestrator may. */
export async function execInWorkspace(
  product: Product,
  session: string,
  argv: readonly string[],
): Promise<string> {
  const db = createClient(product.urls.supabase, product.keys.supabaseServiceRoleKey)
  const { data } = await db.from('sessions').select('host_id, epoch').eq('id', session).single()
  const nc = await connectAsOrchestrator(product)
  const ask = async () => {
    const request = {
      opId: opId.parse(randomUUID()),
      session: sessionId.parse(session),
      epoch: data?.epoch,
      argv,
      timeoutMs: TIMEOUT_MS,
    }
    const subject = subjects.command(hostId.parse(data?.host_id), 'exec')
    const message = await nc.request(subject, JSON.stringify(request), { timeout: TIMEOUT_MS })
    const reply = parseJson(replyEnvelope(exec.reply), message.data)
    if (!reply.ok) throw new Error(`exec: ${reply.error.code} ${reply.error.message}`)
    if (reply.value.exitCode !== 0) throw new Error(`exec: ${reply.value.stderr}`)
    return reply.value.stdout
  }
  return closingAfter(ask, () => nc.close())
}
