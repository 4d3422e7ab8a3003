'use client'

import type { LoginView } from '@vessel/proto/http/account'
import { useCallback } from 'react'
import { formatAgo, formatMoment } from '../../lib/format-time.ts'
import { useLoad } from '../../lib/use-load.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton } from '../../ui/panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import { useClient } from '../client/client-provider.tsx'
import { deviceName } from './device-words.ts'

const AGO_EVERY_MS = 20_000

interface LoginRowProps {
  login: LoginView
  nowMs: number
  onEnded: () => void
}

function LoginRow({ login, nowMs, onEnded }: LoginRowProps) {
  const { api } = useClient()
  const toast = useToast()
  const { isBusy, attempt } = useAttempt()
  const name = deviceName(login.userAgent)
  const end = async (): Promise<void> => {
    await api('endLogin', { params: { id: login.id } })
    toast({ title: `${name} was signed out`, hint: 'It loses access within seconds.' })
    onEnded()
  }
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium" title={login.userAgent ?? undefined}>
          {name}
        </p>
        <p className="truncate text-muted text-sm">
          {login.address && `${login.address} · `}
          <time dateTime={login.lastSeenAt} title={formatMoment(login.lastSeenAt)}>
            {login.address ? 'seen' : 'Seen'} {formatAgo(login.lastSeenAt, nowMs)}
          </time>
        </p>
      </div>
      {login.isCurrent ? (
        <Badge tone="good">This device</Badge>
      ) : (
        <Button size="sm" isBusy={isBusy} onClick={() => void attempt(end)}>
          Sign out<span className="sr-only"> {name}</span>
        </Button>
      )}
    </li>
  )
}

/** Every device this person is logged in on. `times` changes when it must be asked for anew. */
export function LoginList({ times }: { times: number }) {
  const { api } = useClient()
  const nowMs = useNow(AGO_EVERY_MS)
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  const load = useCallback((signal: AbortSignal) => api('listLogins', { signal }), [api, times])
  const { value, error, reload } = useLoad(load)
  if (!value) return error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />
  return (
    <ul aria-label="Devices" className="divide-y divide-line">
      {value.items.map((login) => (
        <LoginRow key={login.id} login={login} nowMs={nowMs} onEnded={reload} />
      ))}
    </ul>
  )
}
