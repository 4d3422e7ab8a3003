'use client'

import type { ProjectId } from '@vessel/proto/ids'
import { Plus, SearchX, Trash2 } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notice.tsx'
import { useWish } from '../client/use-wish.ts'
import { CreateDialog } from './create-dialog.tsx'
import { DeletedDialog } from './deleted-dialog.tsx'
import { moveInGrid } from './grid-keys.ts'
import { GridSkeleton, gridClass } from './grid-skeleton.tsx'
import { FirstProject, ListProblem } from './list-states.tsx'
import { ProjectCard } from './project-card.tsx'
import type { Source } from './project-wish.ts'
import { SearchField } from './search-field.tsx'
import { searchProjects } from './search-projects.ts'
import { useProjects, useProjectsSync } from './use-projects.ts'
import { useShortcuts } from './use-shortcuts.ts'

/** What is marked in the dialog when nothing was picked before it. */
const FIRST_SOURCE: Source = 'node'

/** The dialog for a new project, and which one it has made. */
function useCreating({ onMade }: { onMade: () => void }) {
  const [source, setSource] = useState<Source | null>(null)
  const [madeId, setMadeId] = useState<ProjectId | null>(null)
  const dialog = source && (
    <CreateDialog
      source={source}
      onClose={() => setSource(null)}
      onCreated={({ id }) => {
        setSource(null)
        setMadeId(id)
        onMade()
      }}
    />
  )
  return { begin: setSource, madeId, forget: () => setMadeId(null), dialog }
}

export function ProjectsPage() {
  const { reload } = useProjectsSync()
  const { items: known, error } = useProjects()
  // Two hundred cards that change at once are drawn in slices: a key press goes first.
  const items = useDeferredValue(known)
  const [search, setSearch] = useState('')
  const creating = useCreating({ onMade: () => setSearch('') })
  const [isShowingDeleted, setShowingDeleted] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const shown = useMemo(() => items && searchProjects(items, search), [items, search])
  const onSearch = (text: string): void => {
    setSearch(text)
    // A card that comes back to the list must not take the focus from this field.
    creating.forget()
  }
  useWish('new-project', () => creating.begin(FIRST_SOURCE))
  useShortcuts({
    '/': () => searchField.current?.focus(),
    n: () => creating.begin(FIRST_SOURCE),
  })

  return (
    <>
      <div className="mb-6 flex flex-wrap items-center gap-3">
        <h1 className="mr-auto font-semibold text-2xl tracking-tight">Projects</h1>
        {items?.length !== 0 && (
          <SearchField ref={searchField} value={search} onChange={onSearch} />
        )}
        <Button
          variant="primary"
          onClick={() => creating.begin(FIRST_SOURCE)}
          title="New project (N)"
        >
          <Plus size={16} aria-hidden />
          New project
        </Button>
      </div>
      {error !== null && <ListProblem error={error} hasItems={items !== null} onRetry={reload} />}
      {shown === null && error === null && <GridSkeleton />}
      {items?.length === 0 && <FirstProject onPick={creating.begin} />}
      {items && items.length > 0 && shown?.length === 0 && (
        <Empty icon={<SearchX />} title="No match" hint={`No project is called “${search}”.`}>
          <Button onClick={() => setSearch('')}>Clear search</Button>
        </Empty>
      )}
      {shown && shown.length > 0 && (
        // biome-ignore lint/a11y/noStaticElementInteractions: for the controls of its cards
        <div className={gridClass} onKeyDown={moveInGrid}>
          {shown.map((project) => (
            <ProjectCard
              key={project.id}
              project={project}
              isNew={project.id === creating.madeId}
            />
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
      {creating.dialog}
    </>
  )
}
