import { type BytePath, parentOf } from './byte-path.ts'

/** As many links as Linux follows before it says ELOOP; past it a path leads nowhere. */
const FOLLOWED_MAX = 40
/** A real target has a few parts; more is a tree built to make this walk expensive. */
const PARTS_MAX = 8_192

/**
 * Does following this link lead out of the workspace?
 *
 * Judging the text alone is not enough: with `d -> .`, the target `d/..` looks like the root but is
 * its parent. So the target is walked part by part through the other links of the same tree.
 */
export function doesLinkEscape(
  link: BytePath,
  target: BytePath,
  links: ReadonlyMap<BytePath, BytePath>,
): boolean {
  if (target.startsWith('/')) return true
  const todo = target.split('/').reverse()
  let at = parentOf(link)
  let followed = 0

  while (todo.length > 0) {
    const part = todo.pop() as string
    if (part === '' || part === '.') continue
    if (part === '..') {
      if (at === '') return true
      at = parentOf(at)
      continue
    }
    const next = at === '' ? part : `${at}/${part}`
    const onward = links.get(next)
    if (onward === undefined) {
      at = next
      continue
    }
    if (onward.startsWith('/')) return true
    followed += 1
    if (followed > FOLLOWED_MAX) return false
    if (todo.length > PARTS_MAX) return true
    todo.push(...onward.split('/').reverse())
  }
  return false
}
