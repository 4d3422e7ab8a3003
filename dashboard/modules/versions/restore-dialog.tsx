'use client'

import type { VersionView } from '@vessel/proto/http/projects'
import { formatMoment } from '../../lib/format-time.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'

interface RestoreDialogProps {
  version: VersionView
  onClose: () => void
  onRestore: () => void
}

export function RestoreDialog({ version, onClose, onRestore }: RestoreDialogProps) {
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Restore this version?"
      description={
        `Your files become what they were on ${formatMoment(version.savedAt)}. ` +
        'The current ones are kept as an earlier version.'
      }
    >
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button variant="primary" onClick={onRestore}>
          Restore
        </Button>
      </DialogActions>
    </Dialog>
  )
}
