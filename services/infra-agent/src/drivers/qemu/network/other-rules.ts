import { parseJson } from '@vessel/proto/parse'
import { z } from 'zod'
import type { RunTool } from '../run-tool.ts'

/** `nft -json list chains`: a first entry about nft itself, then one for each chain. */
const chainList = z.object({
  nftables: z.array(
    z.object({
      chain: z
        .object({
          family: z.string(),
          table: z.string(),
          hook: z.string().optional(),
          policy: z.string().optional(),
        })
        .optional(),
    }),
  ),
})

/** Tables of others that drop whatever is forwarded and not known to them. */
export function closedTables(text: string): string[] {
  const chains = parseJson(chainList, text).nftables.flatMap(({ chain }) => chain ?? [])
  const closed = chains.filter(
    ({ family, hook, policy }) => family !== 'ip6' && hook === 'forward' && policy === 'drop',
  )
  return [...new Set(closed.map(({ family, table }) => `${family} ${table}`))]
}

export const readClosedTables = async (run: RunTool): Promise<string[]> =>
  closedTables(await run('nft', ['-json', 'list', 'chains']))
