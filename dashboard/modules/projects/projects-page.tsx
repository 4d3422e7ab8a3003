'use client'

import { Plus, SearchX, Trash2 } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { useWish } from '../client/use-wish.ts'
import { CreateDialog } from './create-dialog.tsx'
import { DeletedDialog } from './deleted-dialog.tsx'
import { GridSkeleton, gridClass } from './grid-skeleton.tsx'
import { FirstProject, ListProblem } from './list-states.tsx'
import { ProjectCard } from './project-card.tsx'
import { SearchField } from './search-field.tsx'
import { searchProjects } from './search-projects.ts'
import { useProjects, useProjectsSync } from './use-projects.ts'
import { useShortcuts } from './use-shortcuts.ts'

export function ProjectsPage() {
  const { reload } = useProjectsSync()
  const { items: known, error } = useProjects()
  // Two hundred cards that change at once are drawn in slices: a key press goes first.
  const items = useDeferredValue(known)
  const [search, setSearch] = useState('')
  const [isCreating, setCreating] = useState(false)
  const [isShowingDeleted, setShowingDeleted] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const shown = useMemo(() => items && searchProjects(items, search), [items, search])
  useWish('new-project', () => setCreating(true))
  useShortcuts({
    '/': () => searchField.current?.focus(),
    n: () => setCreating(true),
  })

  return (
    <>
      <div className="mb-6 flex flex-wrap items-center gap-3">
        <h1 className="mr-auto font-semibold text-2xl tracking-tight">Projects</h1>
        <SearchField ref={searchField} value={search} onChange={setSearch} />
        <Button variant="primary" onClick={() => setCreating(true)} title="New project (N)">
          <Plus size={16} aria-hidden />
          New project
        </Button>
      </div>
      {error !== null && <ListProblem error={error} hasItems={items !== null} onRetry={reload} />}
      {shown === null && error === null && <GridSkeleton />}
      {items?.length === 0 && <FirstProject onCreate={() => setCreating(true)} />}
      {items && items.length > 0 && shown?.length === 0 && (
        <Empty icon={<SearchX />} title="No match" hint={`No project is called “${search}”.`}>
          <Button onClick={() => setSearch('')}>Clear search</Button>
        </Empty>
      )}
      {shown && shown.length > 0 && (
        <div className={gridClass}>
          {shown.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </div>
      )}
      {items && (
        <div className="mt-8 flex justify-center">
          <Button variant="ghost" size="sm" onClick={() => setShowingDeleted(true)}>
            <Trash2 size={14} aria-hidden />
            Recently deleted
          </Button>
        </div>
      )}
      {isShowingDeleted && <DeletedDialog onClose={() => setShowingDeleted(false)} />}
      {isCreating && (
        <CreateDialog onClose={() => setCreating(false)} onCreated={() => setCreating(false)} />
      )}
    </>
  )
}
