import { parentOf } from './check-names.ts'
import { type ByteName, unsafe } from './format.ts'

/** As many links as Linux follows before it says ELOOP; past it a path leads nowhere. */
const FOLLOWED_MAX = 40
/** Steps of one walk; a real target has a few. More is a tree built to make this expensive. */
const STEPS_MAX = 8_192
/** Over all links: some ten for each that an archive may have. */
const STEPS_OF_ALL_MAX = 2_000_000

export interface FoundLink {
  readonly target: ByteName
  /** Marked by Vessel as the user's own (a virtual environment's link to the system's Python). */
  readonly isLiteral: boolean
}

/** Refuses links that lead out of the workspace, by themselves or through each other. */
export async function checkLinks(
  links: ReadonlyMap<ByteName, FoundLink>,
  breathe: () => Promise<void> | undefined,
): Promise<void> {
  const budget = { steps: STEPS_OF_ALL_MAX }
  for (const [path, { target, isLiteral }] of links) {
    await breathe()
    if (target === '' || target.includes('\0')) throw unsafe(path, 'is a link without a target')
    if (isLiteral) continue
    if (doesEscape({ path, target, links, budget })) {
      throw unsafe(path, 'is a link out of the workspace')
    }
  }
}

interface Walk {
  readonly path: ByteName
  readonly target: ByteName
  readonly links: ReadonlyMap<ByteName, FoundLink>
  readonly budget: { steps: number }
}

/** With `d -> .` the target `d/..` looks like the root but is above it: so every part is walked. */
function doesEscape({ path, target, links, budget }: Walk): boolean {
  if (target.startsWith('/')) return true
  const todo = target.split('/').reverse()
  let at = parentOf(path)
  let followed = 0
  for (let steps = 0; ; steps += 1) {
    const part = todo.pop()
    if (part === undefined) return false
    budget.steps -= 1
    if (steps > STEPS_MAX || budget.steps < 0) return true
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (at === '') return true
      at = parentOf(at)
      continue
    }
    const next = at === '' ? part : `${at}/${part}`
    const onward = links.get(next)?.target
    if (onward === undefined) {
      at = next
      continue
    }
    if (onward.startsWith('/')) return true
    followed += 1
    if (followed > FOLLOWED_MAX) return false
    todo.push(...onward.split('/').reverse())
  }
}
