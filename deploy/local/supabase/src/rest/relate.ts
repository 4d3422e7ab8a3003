import type { Catalog, ForeignKey } from './catalog.ts'
import type { EmbedNode } from './parse-select.ts'
import { RestError } from './rest-error.ts'

/** How an embedded table hangs on its parent. */
export interface Relationship {
  readonly target: string
  readonly isToOne: boolean
  readonly pairs: readonly { readonly parent: string; readonly child: string }[]
}

interface Candidate extends Relationship {
  readonly key: ForeignKey
}

function pairs(parent: readonly string[], child: readonly string[]): Relationship['pairs'] {
  return parent.map((column, index) => ({ parent: column, child: child[index] ?? '' }))
}

function candidatesOf(catalog: Catalog, parent: string): Candidate[] {
  const found: Candidate[] = []
  for (const key of catalog.foreignKeys) {
    if (key.from === parent) {
      const joined = pairs(key.fromColumns, key.toColumns)
      found.push({ key, target: key.to, isToOne: true, pairs: joined })
    }
    if (key.to === parent) {
      const joined = pairs(key.toColumns, key.fromColumns)
      found.push({ key, target: key.from, isToOne: key.isUnique, pairs: joined })
    }
  }
  return found
}

function isNamedBy(candidate: Candidate, hint: string): boolean {
  const { key } = candidate
  return key.name === hint || (key.fromColumns.length === 1 && key.fromColumns[0] === hint)
}

/** An embed names a table, or the foreign key (or its column) that leads to one. */
function matching(candidates: readonly Candidate[], node: EmbedNode): Candidate[] {
  const { relation, hint } = node
  const byTable = candidates.filter((candidate) => candidate.target === relation)
  if (hint !== null) return byTable.filter((candidate) => isNamedBy(candidate, hint))
  if (byTable.length > 0) return byTable
  return candidates.filter(
    (candidate) => isNamedBy(candidate, relation) && candidate.key.from !== candidate.target,
  )
}

export function relate(catalog: Catalog, parent: string, node: EmbedNode): Relationship {
  const found = matching(candidatesOf(catalog, parent), node)
  const [only, ...others] = found
  if (only === undefined) {
    throw new RestError(400, {
      code: 'PGRST200',
      message:
        `Could not find a relationship between '${parent}' and '${node.relation}' ` +
        'in the schema cache',
      details: 'Only many-to-one and one-to-many by a foreign key are supported here',
    })
  }
  if (others.length > 0) {
    throw new RestError(300, {
      code: 'PGRST201',
      message:
        'Could not embed because more than one relationship was found for ' +
        `'${parent}' and '${node.relation}'`,
      hint: `Name one: ${found.map(({ key }) => `${node.relation}!${key.name}`).join(', ')}`,
    })
  }
  return only
}
