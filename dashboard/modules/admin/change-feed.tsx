'use client'

import { formatAgo } from '../../lib/format-time.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { panelClass } from '../../ui/panel-frame.tsx'
import { badgeFor } from '../session/state-words.ts'
import type { Change } from './session-board.ts'
import { ShortId } from './short-id.tsx'

const TICK_MS = 5_000

function Row({ change: { session, atMs }, now }: { change: Change; now: number }) {
  const badge = badgeFor(session)
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
      <span className="w-28 shrink-0 text-muted text-sm tabular-nums">
        {formatAgo(new Date(atMs).toISOString(), now)}
      </span>
      <Badge tone={badge.tone} isLive={badge.isLive}>
        {badge.label}
      </Badge>
      <ShortId id={session.id} />
      <span className="min-w-0 flex-1 truncate text-muted text-sm max-sm:basis-full">
        {session.hostId ? `on ${session.hostId}` : 'no host yet'}
        {session.endReason && ` · ${session.endReason.replaceAll('_', ' ')}`}
      </span>
    </li>
  )
}

/** What happens on the whole place while one looks at it. */
export function ChangeFeed({ changes }: { changes: readonly Change[] }) {
  const now = useNow(TICK_MS)
  return (
    <section
      aria-label="List of live events"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable
      tabIndex={0}
      className={`${panelClass} max-h-80 overflow-y-auto`}
    >
      {changes.length === 0 ? (
        <p className="px-4 py-6 text-center text-muted">What happens from now on is listed here.</p>
      ) : (
        <ol className="divide-y divide-line">
          {changes.map((change) => (
            <Row key={change.key} change={change} now={now} />
          ))}
        </ol>
      )}
    </section>
  )
}
