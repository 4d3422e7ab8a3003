import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createPaths } from '@vessel/infra-agent/testing/paths'
import { type VmRecord, vmRecord } from '@vessel/infra-agent/testing/record'
import type { Host } from './cluster.ts'

/** What the agent of a host has written down of its machines. */
export async function recordsOf(host: Pick<Host, 'stateDir'>): Promise<VmRecord[]> {
  const { journalDir } = createPaths(host.stateDir)
  const found = await readdir(journalDir).catch(() => [])
  // Beside them lie records that are just being written.
  const names = found.filter((name) => name.endsWith('.json'))
  const texts = names.map((name) => readFile(join(journalDir, name), 'utf8').catch(() => null))
  return (await Promise.all(texts)).flatMap((text) => {
    const record = text ? vmRecord.safeParse(JSON.parse(text)) : null
    return record?.success ? [record.data] : []
  })
}
