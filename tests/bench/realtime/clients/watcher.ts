import type { Received } from './frame-reader.ts'

/** A client that comes back by itself: what a page of each stack would use. */
export interface Watcher {
  /** The url it is connected to, or was last. */
  readonly url: string
  /** The cable is cut: no close frame, and no way back before `restore`. */
  cut(): void
  restore(): void
  stop(): void
}

export interface WatcherDeps {
  /** Copies of the server; any of them will do. */
  readonly urls: readonly string[]
  readonly topic: string
  readonly token: () => Promise<string>
  readonly random: () => number
  readonly onItems: (items: readonly Received[]) => void
  /** The subscription stands, for the first time or again. */
  readonly onUp: () => void
  /** The story begins anew: what was given before does not count. */
  readonly onReset: () => void
}

/**
 * Any copy at first, and the next at every attempt: what a browser does with a name of several
 * addresses, and a balancer with a copy that refuses.
 */
export function rotate({ urls, random }: WatcherDeps): () => string {
  let at = Math.floor(random() * urls.length)
  return () => {
    at += 1
    return urls[at % urls.length] ?? ''
  }
}
