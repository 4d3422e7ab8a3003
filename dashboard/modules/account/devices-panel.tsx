'use client'

import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { panelClass } from '../../ui/panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'
import { LoginList } from './login-list.tsx'

function useSignOut() {
  const { auth } = useClient()
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)
  const [times, setTimes] = useState(0)
  const run = async (isHereToo: boolean): Promise<void> => {
    setBusy(true)
    try {
      await auth.endLogins(isHereToo ? 'everywhere' : 'elsewhere')
      setTimes((before) => before + 1)
      if (!isHereToo) toast({ title: 'Every other device was signed out' })
    } catch {
      toast({ title: 'It did not work. Try again.', tone: 'bad' })
    }
    setBusy(false)
  }
  return { isBusy, run, times }
}

/** Logins on other devices: they can be ended from here. */
export function DevicesPanel() {
  const { isBusy, run, times } = useSignOut()
  const [isAsking, setAsking] = useState(false)
  return (
    <div className={panelClass}>
      <LoginList times={times} />
      <div className="flex flex-wrap justify-end gap-3 border-line border-t bg-sunken px-5 py-3">
        <Button size="sm" isBusy={isBusy} onClick={() => void run(false)}>
          Sign out other devices
        </Button>
        <Button size="sm" disabled={isBusy} onClick={() => setAsking(true)}>
          Sign out everywhere
        </Button>
      </div>
      <Dialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title="Sign out everywhere?"
        description="Every login of yours ends, this one too. Running projects go on."
      >
        <DialogActions>
          <Button onClick={() => setAsking(false)}>Cancel</Button>
          <Button variant="danger" isBusy={isBusy} onClick={() => void run(true)}>
            Sign out everywhere
          </Button>
        </DialogActions>
      </Dialog>
    </div>
  )
}
