'use client'

import Link from 'next/link'
import { useState } from 'react'
import { Button, buttonClass } from '../../ui/button.tsx'
import { failureWords } from './boot-words.ts'
import { type FailedBoot, failureReport, lastLines } from './failure-report.ts'
import { ReportDialog } from './report-dialog.tsx'

/** Beside the reason; the whole log is next to it. */
const SHOWN_LINES = 3

interface BootFailureProps extends FailedBoot {
  isBusy: boolean
  onRetry: () => void
}

/** What went wrong, where, and the way on. */
export function BootFailure({ isBusy, onRetry, ...failed }: BootFailureProps) {
  const { where, reason, detail } = failureWords(failed.session, failed.steps)
  const [isReporting, setReporting] = useState(false)
  const last = lastLines(failed.lines, SHOWN_LINES)
  return (
    <div>
      <div role="alert">
        <h2 className="font-semibold text-bad text-lg">It did not start</h2>
        {where && <p className="mt-1 text-ink">{where}</p>}
        <p className="mt-1 text-muted">{reason} Your files are as they were.</p>
        {detail && <p className="mt-3 break-words font-mono text-bad text-sm">{detail}</p>}
      </div>
      {last.length > 0 && (
        <pre
          role="note"
          aria-label="Last lines"
          className="mt-3 overflow-hidden rounded-md bg-term-hover px-3 py-2 font-mono text-xs/5"
        >
          {last.map((text, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines that do not change any more
            <div key={index} className="truncate">
              {text}
            </div>
          ))}
        </pre>
      )}
      <div className="mt-4 flex flex-wrap gap-2">
        <Button variant="primary" size="sm" isBusy={isBusy} onClick={onRetry}>
          Try again
        </Button>
        <Button size="sm" onClick={() => setReporting(true)}>
          Report
        </Button>
        <Link href="/projects" className={buttonClass('ghost', 'sm')}>
          Back to projects
        </Link>
      </div>
      {isReporting && (
        <ReportDialog report={failureReport(failed)} onClose={() => setReporting(false)} />
      )}
    </div>
  )
}
