'use client'

import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'

interface ReportDialogProps {
  report: string
  onClose: () => void
}

/** The report as it will be sent: nothing leaves this page by itself. */
export function ReportDialog({ report, onClose }: ReportDialogProps) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(report)
    setCopied(true)
  }
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Report this"
      description="Read it, then send it to whoever runs this server: it has the last log lines."
      size="md"
    >
      <textarea
        readOnly
        aria-label="Report"
        value={report}
        rows={12}
        className="mt-4 w-full resize-none rounded-md bg-sunken p-3 font-mono text-xs"
      />
      <DialogActions>
        <Button variant="primary" onClick={() => void copy()}>
          {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          {isCopied ? 'Copied' : 'Copy report'}
        </Button>
      </DialogActions>
    </Dialog>
  )
}
