'use client'

import type { ApiTokenView } from '@vessel/proto/http/account'
import { useCallback, useState } from 'react'
import { formatAgo, formatMoment } from '../../lib/format-time.ts'
import { useLoad } from '../../lib/use-load.ts'
import { useNow } from '../../lib/use-now.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { PanelProblem } from '../../ui/panel.tsx'
import { PanelSkeleton, panelClass } from '../../ui/panel-frame.tsx'
import { useAttempt } from '../../ui/use-attempt.ts'
import { useClient } from '../client/client-provider.tsx'
import { TokenDialog } from './token-dialog.tsx'

const AGO_EVERY_MS = 20_000

function TokenRow({ token, onDelete }: { token: ApiTokenView; onDelete: () => void }) {
  const nowMs = useNow(AGO_EVERY_MS)
  const isOver = Date.parse(token.expiresAt) <= nowMs
  return (
    <li className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 px-4 py-2.5 sm:px-5">
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">
          {token.name} <code className="font-mono text-muted text-sm">…{token.hint}</code>
        </p>
        <p className="truncate text-muted text-sm">
          {token.lastUsedAt ? `Used ${formatAgo(token.lastUsedAt, nowMs)}` : 'Never used'} ·{' '}
          <time dateTime={token.expiresAt}>
            {isOver ? 'expired' : 'expires'} {formatMoment(token.expiresAt)}
          </time>
        </p>
      </div>
      {isOver && <Badge tone="idle">Expired</Badge>}
      <Button size="sm" onClick={onDelete}>
        Delete<span className="sr-only"> {token.name}</span>
      </Button>
    </li>
  )
}

interface DeleteDialogProps {
  token: ApiTokenView
  onClose: () => void
  onDeleted: () => void
}

function DeleteDialog({ token, onClose, onDeleted }: DeleteDialogProps) {
  const { api } = useClient()
  const { isBusy, attempt } = useAttempt()
  const remove = async (): Promise<void> => {
    await attempt(async () => {
      await api('deleteApiToken', { params: { id: token.id } })
      onDeleted()
    })
    onClose()
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title={`Delete “${token.name}”?`}
      description="Scripts that use it are refused within seconds. This cannot be undone."
    >
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="danger" isBusy={isBusy} onClick={() => void remove()}>
          Delete token
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** What scripts log in with. */
export function TokensPanel() {
  const { api } = useClient()
  const load = useCallback((signal: AbortSignal) => api('listApiTokens', { signal }), [api])
  const { value, error, reload } = useLoad(load)
  const [isMaking, setMaking] = useState(false)
  const [doomed, setDoomed] = useState<ApiTokenView | null>(null)
  return (
    <div className={panelClass}>
      <div className="flex flex-wrap items-center gap-3 p-4 sm:p-5">
        <p className="mr-auto min-w-60 flex-1 text-muted">
          For scripts: a token may do what you may, except change this page or administer.
        </p>
        <Button size="sm" onClick={() => setMaking(true)}>
          New token
        </Button>
      </div>
      {!value && (error ? <PanelProblem error={error} onRetry={reload} /> : <PanelSkeleton />)}
      {value && value.items.length > 0 && (
        <ul aria-label="Tokens" className="divide-y divide-line border-line border-t">
          {value.items.map((token) => (
            <TokenRow key={token.id} token={token} onDelete={() => setDoomed(token)} />
          ))}
        </ul>
      )}
      {isMaking && <TokenDialog onClose={() => setMaking(false)} onMade={reload} />}
      {doomed && <DeleteDialog token={doomed} onClose={() => setDoomed(null)} onDeleted={reload} />}
    </div>
  )
}
