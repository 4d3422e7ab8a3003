import type { Log } from '../../../vm/ports.ts'
import type { RunTool } from '../run-tool.ts'
import { type RuleSet, renderNoRules, renderRules } from './rules.ts'

export const tableOf = (owner: string): string => `vessel_${owner}`

export interface RuleTableDeps {
  readonly owner: string
  readonly run: RunTool
  readonly log: Log
}

/** The one nftables table of this agent. */
export function createRuleTable({ owner, run, log }: RuleTableDeps) {
  const table = tableOf(owner)
  let applied = ''

  const load = (script: string) => run('nft', ['-f', '-'], script)

  async function isThere(): Promise<boolean> {
    const tables = await run('nft', ['list', 'tables'])
    return tables.split('\n').includes(`table inet ${table}`)
  }

  return {
    /** Counters start anew, so nothing is replaced by the same. */
    async apply(rules: Omit<RuleSet, 'table'>): Promise<void> {
      const script = renderRules({ table, ...rules })
      if (script === applied) {
        if (await isThere()) return
        log.error({ table }, 'the rules of the network were gone and are put back')
      }
      await load(script)
      applied = script
    },

    async remove(): Promise<void> {
      if (await isThere()) await load(renderNoRules(table))
      applied = ''
    },
  }
}
export type RuleTable = ReturnType<typeof createRuleTable>
