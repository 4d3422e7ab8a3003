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

export function pickUrl({ urls, random }: WatcherDeps): string {
  return urls[Math.floor(random() * urls.length)] ?? ''
}
