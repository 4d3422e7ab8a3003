import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import type { EngineReply, EngineRequest, StatementResult } from './engine-messages.ts'
import type { PgErrorFields } from './pg-error.ts'

/**
 * The database engine, in a thread of its own: a statement runs synchronously inside WebAssembly,
 * so on the main thread one slow query would stop every request, the health check included.
 */
const port = parentPort
if (port === null) throw new Error('engine-worker runs only as a worker thread')

const { dataDir } = workerData as { dataDir: string }
const database = await PGlite.create({ dataDir })

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function errorFields(error: unknown): PgErrorFields {
  const fields = (error ?? {}) as Record<string, unknown>
  return {
    code: text(fields.code) ?? 'XX000',
    message: text(fields.message) ?? String(error),
    detail: text(fields.detail),
    hint: text(fields.hint),
    constraint: text(fields.constraint),
  }
}

async function runAll(request: EngineRequest): Promise<StatementResult[]> {
  const results: StatementResult[] = []
  for (const { sql, params } of request.statements) {
    if (params === undefined) {
      await database.exec(sql)
      results.push({ rows: [], affectedRows: 0 })
      continue
    }
    const result = await database.query<Record<string, unknown>>(sql, [...params])
    results.push({ rows: result.rows, affectedRows: result.affectedRows ?? 0 })
  }
  return results
}

async function answer(request: EngineRequest): Promise<EngineReply> {
  try {
    return { id: request.id, results: await runAll(request) }
  } catch (error) {
    return { id: request.id, error: errorFields(error) }
  }
}

// The database's own lock keeps requests in the order they arrive.
port.on('message', async (request: EngineRequest | 'close') => {
  if (request === 'close') {
    await database.close()
    port.postMessage('closed')
    port.close()
    return
  }
  port.postMessage(await answer(request))
})
port.postMessage('ready')
