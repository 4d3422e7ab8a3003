import type { TopicItem } from '@vessel/proto/browser/topic-items'
import type { Position } from '@vessel/proto/stamp'
import { callSafely } from './emitter.ts'
import { isStateItem, Revisions } from './revisions.ts'
import { Sequence } from './sequence.ts'
import type { Gap, TopicHandlers } from './types.ts'

/** Feed items kept for handlers that join late: as many rows as a terminal keeps. */
export const STORY_ITEMS_MAX = 10_000
/** Load samples kept for the same: ten minutes. */
const SAMPLES_MAX = 120

type FeedItem = Extract<TopicItem, { seq: number }>
type Chapter = { readonly item: FeedItem } | { readonly gap: Gap }

/** What one topic has told this page: told again to whoever joins, and never told twice. */
export class Story {
  readonly #handlers = new Set<TopicHandlers>()
  readonly #sequence = new Sequence()
  readonly #revisions = new Revisions()
  #chapters: Chapter[] = []
  #samples: TopicItem[] = []
  #position: Position | null = null
  /** The server starts over; the page is told when the first of it is there, not to flicker. */
  #isResetDue = false

  get position(): Position | null {
    return this.#position
  }

  get isEmpty(): boolean {
    const hasState = this.#revisions.shown().length > 0
    return this.#chapters.length === 0 && this.#samples.length === 0 && !hasState
  }

  get handlers(): ReadonlySet<TopicHandlers> {
    return this.#handlers
  }

  join(handlers: TopicHandlers): () => void {
    this.#handlers.add(handlers)
    this.#tellAll(handlers)
    return () => this.#handlers.delete(handlers)
  }

  /** What follows replaces everything told so far. */
  startOver(): void {
    if (!this.isEmpty) this.#isResetDue = true
    this.#sequence.clear()
    this.#position = null
  }

  /** Forgets now, because nothing may follow: access was taken back. */
  forget(): void {
    this.startOver()
    this.settle()
  }

  /** Carries out a reset that is due, also when nothing came after it. */
  settle(): void {
    if (!this.#isResetDue) return
    this.#isResetDue = false
    this.#chapters = []
    this.#samples = []
    this.#revisions.forgetShown()
    for (const { onReset } of this.#handlers) if (onReset) callSafely(onReset)
  }

  /** False: items before these are missing, and the topic has to be asked for again. */
  takeItems(items: readonly TopicItem[]): boolean {
    this.settle()
    const news: TopicItem[] = []
    for (const item of items) {
      const admitted = this.#admit(item)
      if (admitted === 'hole') {
        this.#tellItems(news)
        return false
      }
      if (admitted) news.push(admitted)
    }
    this.#tellItems(news)
    return true
  }

  /** The same, when asking again did not help: what is missing is shown as missing. */
  takeItemsWithHoles(items: readonly TopicItem[]): void {
    for (const item of items) {
      if (this.takeItems([item]) || !('seq' in item)) continue
      this.takeGap(this.#sequence.holeBefore(item.bootId, item.seq))
      this.takeItems([item])
    }
  }

  takeGap(gap: Gap): void {
    this.settle()
    if (!this.#sequence.announce(gap)) return
    this.#write({ gap })
    this.#tell((handlers) => handlers.onGap?.(gap))
  }

  #admit(item: TopicItem): TopicItem | 'hole' | null {
    if (isStateItem(item)) return this.#revisions.admit(item)
    // Without end for as long as the page is open, so the page keeps what it needs of them.
    if (item.kind === 'admin-session' || item.kind === 'sockets') return item
    if (item.kind === 'metric') {
      const last = this.#samples.at(-1)
      const isRepeated =
        last?.kind === 'metric' && last.message.timestamp === item.message.timestamp
      if (isRepeated) return null
      this.#samples = [...this.#samples, item].slice(-SAMPLES_MAX)
      return item
    }
    const judgement = this.#sequence.judge(item.bootId, item.seq)
    if (judgement === 'hole') return 'hole'
    if (judgement === 'seen') return null
    this.#position = { bootId: item.bootId, seq: item.seq }
    this.#write({ item })
    return item
  }

  #write(chapter: Chapter): void {
    this.#chapters.push(chapter)
    // Cut down in big steps: shifting a long array at every line would cost more than the line.
    if (this.#chapters.length > STORY_ITEMS_MAX * 1.2) {
      this.#chapters = this.#chapters.slice(-STORY_ITEMS_MAX)
    }
  }

  #tellItems(items: readonly TopicItem[]): void {
    if (items.length > 0) this.#tell((handlers) => handlers.onItems?.(items))
  }

  #tell(run: (handlers: TopicHandlers) => void): void {
    for (const handlers of [...this.#handlers]) callSafely(() => run(handlers))
  }

  #tellAll(handlers: TopicHandlers): void {
    let items: TopicItem[] = []
    const cut = () => {
      const some = items
      items = []
      if (some.length > 0) callSafely(() => handlers.onItems?.(some))
    }
    for (const chapter of this.#chapters) {
      if ('item' in chapter) {
        items.push(chapter.item)
        continue
      }
      cut()
      callSafely(() => handlers.onGap?.(chapter.gap))
    }
    items.push(...this.#revisions.shown(), ...this.#samples)
    cut()
  }
}
