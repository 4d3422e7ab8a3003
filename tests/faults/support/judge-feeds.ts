import { until } from '../../e2e/support/until.ts'
import { FeedReader, type ReaderPlace, type Story } from './feed-reader.ts'

const isRead = (story: Story | null): story is Story =>
  story !== null && story.position?.bootId === story.head?.bootId && isAt(story)

function isAt({ position, head }: Story): boolean {
  return (position?.seq ?? 0) >= (head?.seq ?? 0)
}

/** Where two tellings of one feed part, in words. Null: they are the same. */
export function partingOf(live: readonly string[], anew: readonly string[]): string | null {
  const seen = new Set<string>()
  for (const line of live) {
    if (seen.has(line)) return `${line} was shown twice`
    seen.add(line)
  }
  const at = anew.findIndex((line, index) => line !== live[index])
  if (at >= 0) return `item ${at}: ${live[at] ?? 'nothing'} instead of ${anew[at]}`
  return live.length === anew.length ? null : `${live.length - anew.length} items too many`
}

/**
 * A browser that was there through the storm and one that opens the page now must show the same:
 * every line once, in order, and every hole told.
 */
export async function judgeFeeds(
  live: FeedReader,
  place: ReaderPlace,
  withinMs: number,
): Promise<string[]> {
  const anew = new FeedReader(place)
  const found: string[] = []
  try {
    for (const session of live.sessions) {
      anew.watch(session)
      let parting: string | null = 'it was never shown'
      const isSame = async () => {
        const [told, fresh] = [live.storyOf(session), anew.storyOf(session)]
        if (!told || !isRead(fresh)) return false
        parting = partingOf(told.lines, fresh.lines)
        return parting === null
      }
      await until(`the feed of ${session} is whole`, isSame, withinMs).catch(() => {
        found.push(`feed of ${session}: ${parting}`)
      })
    }
  } finally {
    anew.close()
  }
  return found
}
