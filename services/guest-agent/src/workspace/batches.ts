import type { TreeEntry } from './tree-entry.ts'

/** Up to this a file is handled in memory, in a batch with others. */
export const SMALL_BYTES = 1024 * 1024
const ENTRIES_MAX = 128

/** What is done in one go: a few small things, or one large file. */
export type Batch<T> =
  | { readonly kind: 'small'; readonly items: readonly T[]; readonly bytes: number }
  | { readonly kind: 'large'; readonly item: T }

export interface BatchRules<T> {
  readonly bytesOf: (item: T) => number
  /** A batch ends with the item that reaches this. */
  readonly bytesMax: number
}

/** The items in their order, cut into batches of about the same work. */
export function* batchesOf<T>(
  items: Iterable<T>,
  { bytesOf, bytesMax }: BatchRules<T>,
): Generator<Batch<T>> {
  let batch: T[] = []
  let bytes = 0
  const take = (): Batch<T> => {
    const taken: Batch<T> = { kind: 'small', items: batch, bytes }
    batch = []
    bytes = 0
    return taken
  }
  for (const item of items) {
    if (bytesOf(item) > SMALL_BYTES) {
      if (batch.length > 0) yield take()
      yield { kind: 'large', item }
      continue
    }
    batch.push(item)
    bytes += bytesOf(item)
    if (bytes >= bytesMax || batch.length >= ENTRIES_MAX) yield take()
  }
  if (batch.length > 0) yield take()
}

export const sizeOfEntry = ({ bytes }: TreeEntry): number => bytes
