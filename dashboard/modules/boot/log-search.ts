import type { FeedRow } from '../../live/feed-reducer.ts'
import { stripAnsi } from './ansi.ts'

/** Text of a line without its looks. A line never changes, so it is made once. */
const plainTexts = new WeakMap<FeedRow, string>()

export function plainText(row: FeedRow): string {
  const known = plainTexts.get(row)
  if (known !== undefined) return known
  const text =
    row.kind === 'line' ? stripAnsi(row.line.text) : `… ${row.gap.from}–${row.gap.to} missing`
  plainTexts.set(row, text)
  return text
}

/** Keys of the rows in which the text occurs, in order. Nothing is found by an empty one. */
export function findRows(rows: readonly FeedRow[], search: string): readonly string[] {
  const wanted = search.toLowerCase()
  if (wanted === '') return []
  return rows.flatMap((row) => (plainText(row).toLowerCase().includes(wanted) ? [row.key] : []))
}

/** Cuts a text at every place where the search occurs: found pieces are marked. */
export function cutAtMatches(
  text: string,
  search: string,
): readonly { text: string; isMatch: boolean }[] {
  const wanted = search.toLowerCase()
  const lower = text.toLowerCase()
  // Some letters change their length in lower case: then no cut would be in the right place.
  if (wanted === '' || lower.length !== text.length) return [{ text, isMatch: false }]
  const pieces: { text: string; isMatch: boolean }[] = []
  let from = 0
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, from)) {
    if (at > from) pieces.push({ text: text.slice(from, at), isMatch: false })
    from = at + wanted.length
    pieces.push({ text: text.slice(at, from), isMatch: true })
  }
  if (from < text.length) pieces.push({ text: text.slice(from), isMatch: false })
  return pieces
}
