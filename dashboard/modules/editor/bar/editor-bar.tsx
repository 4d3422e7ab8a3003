'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { CloudCheck, GripVertical } from 'lucide-react'
import { useState } from 'react'
import { cn } from '../../../lib/cn.ts'
import { useNow } from '../../../lib/use-now.ts'
import type { FeedState } from '../../../live/feed-reducer.ts'
import { Button, IconButton } from '../../../ui/button.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { usePresence } from '../../live/use-presence.ts'
import { ConnectionLight } from '../../shell/connection-light.tsx'
import { DiscardDialog } from '../discard-dialog.tsx'
import { DiskWarning } from '../panels/disk-warning.tsx'
import { diskUseOf } from '../panels/readings.ts'
import { SavePanel } from '../panels/save-panel.tsx'
import { lastSaveOf, saveWords } from '../save-words.ts'
import { BarMenu } from './bar-menu.tsx'
import { BarPanels } from './bar-panels.tsx'
import type { BarPlace } from './bar-place.ts'
import { Presence } from './presence.tsx'
import { useBarPlace } from './use-bar-place.ts'

interface EditorBarProps {
  project: ProjectView
  session: SessionView
  feed: FeedState
  isLeaving: boolean
  onLeave: (options: { discard: boolean }) => void
  onReload: () => void
}

const AGO_EVERY_MS = 5_000

/** Above VS Code's status bar, below its tabs, beside its scroll bar and its activity bar. */
const SPOTS: Record<BarPlace, string> = {
  'bottom-right': 'right-6 bottom-10 items-end max-sm:right-3',
  'bottom-centre': 'right-1/2 bottom-10 translate-x-1/2 items-center',
  'bottom-left': 'bottom-10 left-16 items-start max-sm:left-3',
  'top-left': 'top-20 left-16 flex-col-reverse items-start max-sm:left-3',
  'top-centre': 'top-20 right-1/2 translate-x-1/2 flex-col-reverse items-center',
  'top-right': 'top-20 right-6 flex-col-reverse items-end max-sm:right-3',
}

/** With guests, or on a narrow phone, in two rows. */
const barClass = cn(
  'flex max-w-[calc(100vw-24px)] flex-wrap items-center justify-end gap-0.5 rounded-lg p-1',
  'bg-raised text-ink shadow-pop [color-scheme:dark] max-sm:gap-0',
)

interface SaveStateProps extends Omit<EditorBarProps, 'onReload'> {
  savedAt: string | null
  side: 'top' | 'bottom'
  onDiscard: () => void
}

/** When it was last saved; a press shows what leaving will save. */
function SaveState(props: SaveStateProps) {
  const { project, session, feed, savedAt, side, isLeaving, onLeave, onDiscard } = props
  const now = useNow(AGO_EVERY_MS)
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      title="What Save & Exit does"
      isDark
      side={side}
      isOpen={isOpen}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          className={cn(
            'flex h-8 items-center rounded-md px-2 text-muted text-sm tabular-nums',
            'justify-center hover:bg-hover hover:text-ink max-sm:size-10',
          )}
        >
          <span className="inline-block first-letter:uppercase max-sm:sr-only">
            {saveWords(savedAt, now)}
          </span>
          <CloudCheck size={16} aria-hidden className="sm:hidden" />
        </button>
      }
    >
      <SavePanel
        project={project}
        session={session}
        savedAt={savedAt}
        size={feed.events.saved ?? project.head}
        nowMs={now}
        isLeaving={isLeaving}
        onSave={() => onLeave({ discard: false })}
        onDiscard={() => {
          setOpen(false)
          onDiscard()
        }}
      />
    </Popover>
  )
}

/** Floats over VS Code where its reader put it. */
export function EditorBar(props: EditorBarProps) {
  const { project, session, feed, isLeaving, onLeave } = props
  const [isDiscarding, setDiscarding] = useState(false)
  const { place, isHeld, offset, words, handle } = useBarPlace()
  const members = usePresence(project.id, 'editor')
  const savedAt = lastSaveOf(project, session)
  const side = place.startsWith('top') ? 'bottom' : 'top'
  const discard = (): void => setDiscarding(true)
  return (
    <>
      {/* Over the frame, which would take every move of the pointer over it. */}
      {isHeld && <div data-held className="absolute inset-0 z-30 cursor-grabbing" />}
      <div
        className={cn('absolute z-30 flex flex-col gap-2', SPOTS[place])}
        style={offset ? { translate: `${offset.x}px ${offset.y}px` } : undefined}
      >
        <DiskWarning use={diskUseOf(feed.metrics)} />
        <div role="toolbar" aria-label="Session" data-place={place} className={barClass}>
          <IconButton
            {...handle}
            label="Move this bar"
            title="Pull to move; or use the arrow keys"
            className="w-5 cursor-grab touch-none active:cursor-grabbing max-sm:w-6"
          >
            <GripVertical size={16} aria-hidden />
          </IconButton>
          <span role="status" className="sr-only">
            {words}
          </span>
          <ConnectionLight isCompact />
          <Presence members={members} />
          <SaveState {...props} savedAt={savedAt} side={side} onDiscard={discard} />
          <BarPanels project={project} session={session} feed={feed} side={side} />
          <Button
            variant="primary"
            size="sm"
            className="ml-1"
            isBusy={isLeaving}
            onClick={() => onLeave({ discard: false })}
          >
            Save & Exit
          </Button>
          <BarMenu
            project={project}
            session={session}
            side={side}
            onReload={props.onReload}
            onDiscard={discard}
          />
        </div>
        <DiscardDialog
          isOpen={isDiscarding}
          savedAt={savedAt}
          onClose={() => setDiscarding(false)}
          onDiscard={() => {
            setDiscarding(false)
            onLeave({ discard: true })
          }}
        />
      </div>
    </>
  )
}
