import type { FeedBody } from '@vessel/proto/events/feed'
import type { SessionView } from '@vessel/proto/http/session-view'
import { as, feed, type World } from './world.ts'

/** As many as the orchestrator puts into one frame. */
const BATCH_LINES = 10
const ESC = '\u001b'

const lineOf = (number: number): FeedBody =>
  as({
    kind: 'line',
    source: 'console',
    level: 'info',
    text: `${ESC}[32mnpm${ESC}[0m http fetch GET 200 package-${number} ${number % 97}ms`,
  })

/** Prints lines at a pace, in batches as the real server sends them, until all are out. */
export function flood(
  world: World,
  session: SessionView,
  { linesPerSecond, lines, from }: { linesPerSecond: number; lines: number; from: number },
): void {
  const startedAt = performance.now()
  let sent = 0
  const timer = setInterval(() => {
    const due = Math.min(lines, ((performance.now() - startedAt) / 1_000) * linesPerSecond)
    while (sent < due) {
      const count = Math.min(BATCH_LINES, lines - sent)
      feed(
        world,
        session,
        ...Array.from({ length: count }, (_, index) => lineOf(from + sent + index)),
      )
      sent += count
    }
    if (sent >= lines) clearInterval(timer)
  }, 10)
}
