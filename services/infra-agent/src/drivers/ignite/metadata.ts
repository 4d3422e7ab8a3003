import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import { readIfThere, writeDurably } from '../../host/files.ts'

const document = z.looseObject({ status: z.looseObject({}).optional() })

/** What ignite writes at a start and believes until it is told otherwise (facts §3). */
const OF_A_RUN = new Set(['network', 'runtime', 'startTime'])

/**
 * Makes ignite's own record of a machine say that it does not run. After a crash of the host it
 * says the opposite, and no command of ignite gets it out of that (§3, failures 2 and 3).
 */
export async function markStopped(file: string): Promise<void> {
  const text = await readIfThere(file)
  if (text === null) return
  const metadata = parseJson(document, text)
  const kept = Object.entries(metadata.status ?? {}).filter(([name]) => !OF_A_RUN.has(name))
  const status = { ...Object.fromEntries(kept), running: false }
  await writeDurably(file, JSON.stringify({ ...metadata, status }, null, 2))
}
