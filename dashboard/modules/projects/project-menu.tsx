'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import { CircleStop, Download, Ellipsis, History, Pencil, Save, Trash2 } from 'lucide-react'
import Link from 'next/link'
import { useState } from 'react'
import { IconButton } from '../../ui/button.tsx'
import { Menu, MenuItem, MenuLine, MenuLink } from '../../ui/menu.tsx'
import { actionsFor } from '../session/state-words.ts'
import { RenameDialog } from './rename-dialog.tsx'
import { useProjectActions } from './use-project-actions.ts'

export function ProjectMenu({ project }: { project: ProjectView }) {
  const actions = useProjectActions()
  const [isRenaming, setRenaming] = useState(false)
  const can = actionsFor(project.session)
  return (
    <>
      <Menu
        trigger={
          <IconButton label="More actions" className="-mr-2">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
      >
        <MenuLink>
          <Link href={`/projects/${project.id}`}>
            <History size={16} className="text-muted" aria-hidden />
            Versions & settings
          </Link>
        </MenuLink>
        <MenuItem icon={<Pencil />} onSelect={() => setRenaming(true)}>
          Rename
        </MenuItem>
        <MenuItem
          icon={<Download />}
          isDisabled={!project.head}
          onSelect={() => void actions.download(project)}
        >
          Download zip
        </MenuItem>
        {can.canSaveAndExit && (
          <MenuItem icon={<Save />} onSelect={() => void actions.stop(project)}>
            Save & exit
          </MenuItem>
        )}
        {can.canCancelStart && (
          <MenuItem icon={<CircleStop />} onSelect={() => void actions.stop(project)}>
            Cancel start
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem
          icon={<Trash2 />}
          isDanger
          isDisabled={!can.isAtRest}
          onSelect={() => void actions.remove(project)}
        >
          Delete
        </MenuItem>
      </Menu>
      {isRenaming && <RenameDialog project={project} onClose={() => setRenaming(false)} />}
    </>
  )
}
