'use client'

import type { SessionId } from '@vessel/proto/ids'
import { useState } from 'react'
import { cn } from '../../lib/cn.ts'
import { wordsFor } from '../../lib/problem-words.ts'
import { Button } from '../../ui/button.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import type { Ticket } from './use-ticket.ts'

interface IdeFrameProps {
  session: SessionId
  ticket: Ticket
}

/** Black, as the boot screen before it: nothing flashes between that and a dark VS Code. */
const coverClass = cn(
  'absolute inset-0 flex flex-col items-center justify-center gap-4 bg-term p-6 text-ink',
  '[color-scheme:dark]',
)

function Cover({ ticket }: { ticket: Ticket }) {
  const words = ticket.error === null ? null : wordsFor(ticket.error)
  return (
    <div className={coverClass}>
      {words ? (
        <div role="alert" className="flex flex-col items-center gap-4 text-center">
          <p className="font-semibold text-lg">{words.title}</p>
          {words.hint && <p className="text-muted">{words.hint}</p>}
          <Button variant="primary" onClick={ticket.renew}>
            Try again
          </Button>
        </div>
      ) : (
        <p role="status" className="flex items-center gap-3 text-muted">
          <Spinner />
          Opening VS Code
        </p>
      )}
    </div>
  )
}

/** The workspace itself. Its address works once, so a frame is never given the same one again. */
export function IdeFrame({ session, ticket }: IdeFrameProps) {
  const [loaded, setLoaded] = useState<string | null>(null)
  const isLoaded = ticket.url !== null && loaded === ticket.url
  return (
    <div className="absolute inset-0">
      {ticket.url && (
        <iframe
          key={`${session}:${ticket.count}`}
          title="VS Code"
          src={ticket.url}
          allow="clipboard-read; clipboard-write; fullscreen"
          referrerPolicy="no-referrer"
          onLoad={() => setLoaded(ticket.url)}
          className={cn('size-full border-0 bg-term', !isLoaded && 'opacity-0')}
        />
      )}
      {!isLoaded && <Cover ticket={ticket} />}
    </div>
  )
}
