/** What one part of the page asks of another that may not be there yet. */
export type Wish = 'new-project' | 'palette'

export interface Wishes {
  make(wish: Wish): void
  /** True once for each time it was made. */
  take(wish: Wish): boolean
  onMade(listener: () => void): () => void
}

export function createWishes(): Wishes {
  const made = new Set<Wish>()
  const listeners = new Set<() => void>()
  return {
    make(wish) {
      made.add(wish)
      for (const listener of [...listeners]) listener()
    },
    take: (wish) => made.delete(wish),
    onMade(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
