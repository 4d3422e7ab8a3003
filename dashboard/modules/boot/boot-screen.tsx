'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { isEnded } from '@vessel/proto/session-state'
import { ArrowLeft } from 'lucide-react'
import Link from 'next/link'
import { cn } from '../../lib/cn.ts'
import { formatDuration } from '../../lib/format-time.ts'
import type { FeedState } from '../../live/feed-reducer.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { useSocketStatus } from '../live/live-provider.tsx'
import { ConnectionLight } from '../shell/connection-light.tsx'
import { OfflineNote } from '../shell/offline-note.tsx'
import { BootFailure } from './boot-failure.tsx'
import { BootLog } from './boot-log.tsx'
import type { Progress } from './boot-progress.ts'
import type { StepRow } from './boot-steps.ts'
import { bootHeadline, isQueued, queueWords, remainingWords } from './boot-words.ts'
import { StepList } from './step-list.tsx'
import { useBootRows } from './use-boot-rows.ts'

interface BootScreenProps {
  project: ProjectView
  session: SessionView
  feed: FeedState
  isBusy: boolean
  onCancel: () => void
  onRetry: () => void
}

function TopBar({ project }: { project: ProjectView }) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-3 border-term-line border-b px-3">
      <Link
        href="/projects"
        className={cn(
          'flex h-8 items-center gap-2 rounded-md px-2 text-muted hover:text-ink',
          'max-sm:size-10 max-sm:justify-center',
        )}
      >
        <ArrowLeft size={16} aria-hidden />
        <span className="max-sm:sr-only">Projects</span>
      </Link>
      <h1 className="min-w-0 truncate font-semibold">{project.name}</h1>
      <div className="ml-auto">
        <ConnectionLight isCompact />
      </div>
    </header>
  )
}

function QueueNote({ session }: { session: SessionView }) {
  const { isAdmin } = useSocketStatus()
  return (
    <div className="mt-4 text-muted text-sm">
      <p role="status">{queueWords(session, isAdmin)}</p>
      {isAdmin && session.waitsFor === 'host' && (
        <Link href="/admin" className={cn(buttonClass('secondary', 'sm'), 'mt-3')}>
          Go to admin
        </Link>
      )}
    </div>
  )
}

interface HeadlineProps {
  session: SessionView
  rows: readonly StepRow[]
  progress: Progress
}

function Headline({ session, rows, progress }: HeadlineProps) {
  const totalMs = rows.reduce((sum, row) => sum + (row.elapsedMs ?? 0), 0)
  const remaining = remainingWords(progress)
  return (
    <>
      <p role="status" className="truncate font-semibold text-lg">
        {bootHeadline(session, rows)}
      </p>
      <p className="mt-0.5 mb-4 h-5 text-muted text-sm tabular-nums">
        {formatDuration(totalMs)}
        {remaining && ` · ${remaining}`}
      </p>
      <ProgressBar label="Progress of the start" fraction={progress.fraction} />
      <p role="status" className="mt-4 text-busy text-sm empty:hidden">
        <OfflineNote meaning="The start goes on; every line you miss is shown when you are back." />
      </p>
      {isQueued(session) && <QueueNote session={session} />}
    </>
  )
}

/** The machine on its way: black, with green text, and every line of it real. */
export function BootScreen(props: BootScreenProps) {
  const { project, session, feed } = props
  const { rows, progress } = useBootRows(session, feed)
  const hasFailed = isEnded(session.state)
  return (
    <div className="fixed inset-0 z-20 flex flex-col bg-term text-term-text [color-scheme:dark]">
      <TopBar project={project} />
      <main className="flex min-h-0 flex-1 flex-col lg:flex-row">
        <aside
          className={cn(
            'flex shrink-0 flex-col gap-5 border-term-line p-4 max-lg:border-b',
            'lg:w-[400px] lg:overflow-y-auto lg:border-r lg:p-6',
          )}
        >
          {hasFailed ? (
            <BootFailure
              project={project}
              session={session}
              steps={rows}
              lines={feed.rows}
              onRetry={props.onRetry}
              isBusy={props.isBusy}
            />
          ) : (
            <div>
              <Headline session={session} rows={rows} progress={progress} />
            </div>
          )}
          <div className="max-lg:hidden">
            <StepList rows={rows} label="Steps" />
          </div>
          {!hasFailed && (
            <Button
              size="sm"
              className="self-start max-lg:hidden"
              isBusy={props.isBusy}
              onClick={props.onCancel}
            >
              Cancel
            </Button>
          )}
        </aside>
        <BootLog
          session={session.id}
          feed={feed}
          startMs={Date.parse(session.createdAt)}
          isLive={!hasFailed}
          className="flex-1"
        />
        {!hasFailed && (
          <div className="border-term-line border-t p-3 lg:hidden">
            <Button className="w-full" isBusy={props.isBusy} onClick={props.onCancel}>
              Cancel
            </Button>
          </div>
        )}
      </main>
    </div>
  )
}
