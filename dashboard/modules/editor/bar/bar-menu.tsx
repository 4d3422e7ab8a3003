'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import {
  ArrowLeft,
  ChevronUp,
  ExternalLink,
  Maximize,
  Minimize,
  RotateCw,
  Search,
  Settings,
  Trash2,
} from 'lucide-react'
import Link from 'next/link'
import { useEffect, useState } from 'react'
import { IconButton } from '../../../ui/button.tsx'
import { Menu, MenuItem, MenuLabel, MenuLine, MenuLink } from '../../../ui/menu.tsx'
import { useClient } from '../../client/client-provider.tsx'
import { useOwnTab } from '../use-own-tab.ts'

interface BarMenuProps {
  project: ProjectView
  session: SessionView
  side: 'top' | 'bottom'
  onReload: () => void
  onDiscard: () => void
}

function useFullScreen(): { isFull: boolean; toggle: () => void } {
  const [isFull, setFull] = useState(false)
  useEffect(() => {
    const look = (): void => setFull(document.fullscreenElement !== null)
    document.addEventListener('fullscreenchange', look)
    return () => document.removeEventListener('fullscreenchange', look)
  }, [])
  // A browser that refuses leaves everything as it is, which is answer enough.
  const toggle = (): void => {
    const change = isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen()
    change.catch(() => undefined)
  }
  return { isFull, toggle }
}

export function BarMenu({ project, session, side, onReload, onDiscard }: BarMenuProps) {
  const { isFull, toggle } = useFullScreen()
  const { wishes } = useClient()
  const openInOwnTab = useOwnTab(session.id)
  return (
    <Menu
      isDark
      side={side}
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
      <MenuLink>
        <Link href={`/projects/${project.id}`}>
          <Settings size={16} className="text-muted" aria-hidden />
          Versions & settings
        </Link>
      </MenuLink>
      {/* There it is first-party: what a browser denies to frames works, its previews too. */}
      <MenuItem icon={<ExternalLink />} onSelect={() => openInOwnTab()}>
        Open in its own tab
      </MenuItem>
      <MenuItem icon={<Search />} onSelect={() => wishes.make('palette')}>
        Search projects and actions
      </MenuItem>
      <MenuItem icon={isFull ? <Minimize /> : <Maximize />} onSelect={toggle}>
        {isFull ? 'Leave full screen' : 'Full screen'}
      </MenuItem>
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
