import { parentOf } from './check-names.ts'
import { type ByteName, unsafe } from './format.ts'

/** As many links as Linux follows before it says ELOOP; past it a path leads nowhere. */
const FOLLOWED_MAX = 40
/** Steps of one walk; a real target has a few. More is a tree built to make this expensive. */
const STEPS_MAX = 8_192

/** Refuses links that lead out of the workspace, by themselves or through each other. */
export function checkLinks(targets: ReadonlyMap<ByteName, ByteName>): void {
  for (const [path, target] of targets) {
    if (target === '' || target.includes('\0')) throw unsafe(path, 'is a link without a target')
    if (doesEscape(path, target, targets)) throw unsafe(path, 'is a link out of the workspace')
  }
}

/** With `d -> .` the target `d/..` looks like the root but is above it: so every part is walked. */
function doesEscape(
  link: ByteName,
  target: ByteName,
  targets: ReadonlyMap<ByteName, ByteName>,
): boolean {
  if (target.startsWith('/')) return true
  const todo = target.split('/').reverse()
  let at = parentOf(link)
  let followed = 0
  for (let steps = 0; ; steps += 1) {
    const part = todo.pop()
    if (part === undefined) return false
    if (steps > STEPS_MAX) return true
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (at === '') return true
      at = parentOf(at)
      continue
    }
    const next = at === '' ? part : `${at}/${part}`
    const onward = targets.get(next)
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
