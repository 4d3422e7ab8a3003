'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { ArrowLeft, ChevronUp, RotateCw, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { cn } from '../../lib/cn.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine, MenuLink } from '../../ui/menu.tsx'
import { ConnectionLight } from '../shell/connection-light.tsx'
import { DiscardDialog } from './discard-dialog.tsx'
import { lastSaveOf, saveWords } from './save-words.ts'

interface EditorBarProps {
  project: ProjectView
  session: SessionView
  isLeaving: boolean
  onLeave: (options: { discard: boolean }) => void
  onReload: () => void
}

const AGO_EVERY_MS = 5_000

interface EditorMenuProps {
  project: ProjectView
  onReload: () => void
  onDiscard: () => void
}

function EditorMenu({ project, onReload, onDiscard }: EditorMenuProps) {
  return (
    <Menu
      isDark
      side="top"
      trigger={
        <IconButton label="More actions">
          <ChevronUp size={16} aria-hidden />
        </IconButton>
      }
    >
      <MenuLabel>{project.name}</MenuLabel>
      <MenuLink>
        <Link href="/projects">
          <ArrowLeft size={16} className="text-muted" aria-hidden />
          Projects, and keep it running
        </Link>
      </MenuLink>
      <MenuItem icon={<RotateCw />} onSelect={onReload}>
        Reload VS Code
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 />} isDanger onSelect={onDiscard}>
        Discard changes…
      </MenuItem>
    </Menu>
  )
}

/** Floats over the lower right corner, above VS Code's status bar and beside its scroll bar. */
export function EditorBar({ project, session, isLeaving, onLeave, onReload }: EditorBarProps) {
  const now = useNow(AGO_EVERY_MS)
  const [isDiscarding, setDiscarding] = useState(false)
  const savedAt = lastSaveOf(project, session)
  return (
    <div
      role="toolbar"
      aria-label="Session"
      className={cn(
        'absolute right-6 bottom-10 z-30 flex items-center gap-1 rounded-lg bg-raised p-1',
        'text-ink shadow-pop [color-scheme:dark]',
      )}
    >
      <ConnectionLight isCompact />
      <span className="pr-2 text-muted text-sm tabular-nums max-sm:sr-only">
        {saveWords(savedAt, now)}
      </span>
      <Button
        variant="primary"
        size="sm"
        isBusy={isLeaving}
        onClick={() => onLeave({ discard: false })}
      >
        Save & Exit
      </Button>
      <EditorMenu project={project} onReload={onReload} onDiscard={() => setDiscarding(true)} />
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
  )
}
