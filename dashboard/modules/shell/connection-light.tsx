'use client'

import { cn } from '../../lib/cn.ts'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useSocket, useSocketStatus } from '../live/live-provider.tsx'
import { connectionWords, type LightColour } from './connection-words.ts'

const COLOURS: Record<LightColour, string> = {
  green: 'bg-good-dot',
  yellow: 'bg-busy-dot animate-beat',
  red: 'bg-bad-dot',
}

interface ConnectionLightProps {
  /** Keeps the words for screen readers while all is well. */
  isCompact?: boolean
}

/** Green, yellow or red; a click tries again at once. */
export function ConnectionLight({ isCompact = false }: ConnectionLightProps) {
  const socket = useSocket()
  const status = useSocketStatus()
  const { colour, label, hint } = connectionWords(status)
  const isQuiet = isCompact && colour === 'green'
  return (
    <Tooltip text={hint}>
      <button
        type="button"
        onClick={() => socket?.retryNow()}
        data-light={colour}
        className={cn(
          'inline-flex h-8 items-center justify-center gap-2 rounded-md px-2 text-muted text-sm',
          isCompact ? 'max-sm:h-10' : 'max-sm:size-10',
          'hover:bg-hover hover:text-ink',
        )}
      >
        <span aria-hidden className={cn('size-2 rounded-full', COLOURS[colour])} />
        <span role="status" className={cn(isQuiet ? 'sr-only' : 'max-sm:sr-only')}>
          <span className="sr-only">Connection: </span>
          {label}
        </span>
      </button>
    </Tooltip>
  )
}
