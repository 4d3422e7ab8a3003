'use client'

import { cn } from '../../../lib/cn.ts'
import type { PresenceMember } from '../../../live/types.ts'
import { Tooltip } from '../../../ui/tooltip.tsx'
import { useAuthState } from '../../client/client-provider.tsx'

const SHOWN_MAX = 3
const WHERE: Record<PresenceMember['state'], string> = {
  editor: 'in the editor',
  boot: 'watching the start',
  dashboard: 'on the dashboard',
  away: 'away',
}

/** Who else is here. Oneself is known to be. */
export function Presence({ members }: { members: readonly PresenceMember[] }) {
  const { person } = useAuthState()
  const others = members.filter(({ userId }) => userId !== person?.id)
  if (others.length === 0) return null
  const more = others.length - SHOWN_MAX
  return (
    <ul aria-label="Also here" className="flex pr-1 pl-2">
      {others.slice(0, SHOWN_MAX).map(({ userId, name, state }) => (
        <li key={userId} className="-ml-1.5">
          <Tooltip text={`${name}, ${WHERE[state]}`}>
            <span
              className={cn(
                'flex size-6 items-center justify-center rounded-full ring-2 ring-raised',
                'bg-accent-soft font-semibold text-accent text-xs uppercase',
                state === 'away' && 'opacity-60',
              )}
            >
              <span aria-hidden>{name.slice(0, 1)}</span>
              <span className="sr-only">{`${name}, ${WHERE[state]}`}</span>
            </span>
          </Tooltip>
        </li>
      ))}
      {more > 0 && (
        <li className="-ml-1.5 grid size-6 place-items-center rounded-full bg-hover text-xs">
          +{more}
        </li>
      )}
    </ul>
  )
}
