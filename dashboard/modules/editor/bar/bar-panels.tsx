'use client'

import type { ProjectView } from '@vessel/proto/http/project-view'
import type { SessionView } from '@vessel/proto/http/session-view'
import { Activity, Clock, Globe } from 'lucide-react'
import dynamic from 'next/dynamic'
import { cn } from '../../../lib/cn.ts'
import type { FeedState } from '../../../live/feed-reducer.ts'
import { IconButton } from '../../../ui/button.tsx'
import { Popover } from '../../../ui/popover.tsx'
import { IdlePanel } from '../idle/idle-panel.tsx'
import { PortsPanel } from '../panels/ports-panel.tsx'

/** The chart library comes with the first look at it. */
const ResourcesPanel = dynamic(
  () => import('../panels/resources-panel.tsx').then((module) => module.ResourcesPanel),
  { ssr: false, loading: () => <p className="h-72 text-muted">Loading</p> },
)

interface BarPanelsProps {
  project: ProjectView
  session: SessionView
  feed: FeedState
  side: 'top' | 'bottom'
}

/** What can be looked at from the bar: previews, the machine's load, the idle clock. */
export function BarPanels({ project, session, feed, side }: BarPanelsProps) {
  const ports = feed.events.ports?.ports ?? []
  const portsLabel = ports.length === 0 ? 'Ports' : `Ports, ${ports.length} open`
  return (
    <>
      <Popover
        title="Ports"
        isDark
        side={side}
        trigger={
          <IconButton label={portsLabel} className="relative">
            <Globe size={16} aria-hidden />
            {ports.length > 0 && (
              <span
                aria-hidden
                className={cn(
                  'absolute -top-0.5 -right-0.5 min-w-4 rounded-full bg-accent px-1',
                  'font-semibold text-[10px]/4 text-inverse',
                )}
              >
                {ports.length}
              </span>
            )}
          </IconButton>
        }
      >
        <PortsPanel session={session.id} ports={ports} />
      </Popover>
      <Popover
        title="Resources"
        isDark
        side={side}
        trigger={
          <IconButton label="Resources">
            <Activity size={16} aria-hidden />
          </IconButton>
        }
      >
        <ResourcesPanel samples={feed.metrics} />
      </Popover>
      <Popover
        title="When it stops"
        isDark
        side={side}
        trigger={
          <IconButton label="When it stops">
            <Clock size={16} aria-hidden />
          </IconButton>
        }
      >
        <IdlePanel project={project} session={session} />
      </Popover>
    </>
  )
}
