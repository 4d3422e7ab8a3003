'use client'

import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { panelClass } from '../../ui//panel-frame.tsx'
import { useToast } from '../../ui/toast.tsx'
import { useClient } from '../client/client-provider.tsx'

function useSignOut() {
  const { auth } = useClient()
  const toast = useToast()
  const [isBusy, setBusy] = useState(false)
  const run = async (isHereToo: boolean): Promise<void> => {
    setBusy(true)
    try {
      await auth.endLogins(isHereToo ? 'everywhere' : 'elsewhere')
      if (!isHereToo) toast({ title: 'Every other device was signed out' })
    } catch {
      toast({ title: 'It did not work. Try again.', tone: 'bad' })
    }
    setBusy(false)
  }
  return { isBusy, run }
}

/** Logins on other devices: they can be ended from here. */
export function DevicesPanel() {
  const { isBusy, run } = useSignOut()
  const [isAsking, setAsking] = useState(false)
  return (
    <div className={`${panelClass} flex flex-wrap items-center gap-3 p-4 sm:p-5`}>
      <p className="mr-auto min-w-60 flex-1 text-muted">
        Lost a device, or used a strange one? End its login here. Running projects go on.
      </p>
      <Button size="sm" isBusy={isBusy} onClick={() => void run(false)}>
        Sign out other devices
      </Button>
      <Button size="sm" disabled={isBusy} onClick={() => setAsking(true)}>
        Sign out everywhere
      </Button>
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
