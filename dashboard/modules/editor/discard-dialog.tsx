'use client'

import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { discardWords } from './save-words.ts'

interface DiscardDialogProps {
  isOpen: boolean
  savedAt: string | null
  onClose: () => void
  onDiscard: () => void
}

/** Asks once, and says what will be lost. */
export function DiscardDialog({ isOpen, savedAt, onClose, onDiscard }: DiscardDialogProps) {
  return (
    <Dialog
      isOpen={isOpen}
      onOpenChange={(isStillOpen) => !isStillOpen && onClose()}
      title="Discard changes?"
      description={`${discardWords(savedAt, Date.now())} This cannot be undone.`}
    >
      <DialogActions>
        <Button onClick={onClose}>Keep working</Button>
        <Button variant="danger" onClick={onDiscard}>
          Discard and exit
        </Button>
      </DialogActions>
    </Dialog>
  )
}
