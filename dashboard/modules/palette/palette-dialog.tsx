'use client'

import { Search } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import { useFocusReturn } from '../../ui/use-focus-return.ts'
import { useClient } from '../client/client-provider.tsx'
import { useSocketStatus } from '../live/live-provider.tsx'
import { loadAll, useProjects } from '../projects/use-projects.ts'
import { CommandIcon } from './command-icon.tsx'
import { type Command, findCommands, listCommands } from './commands.ts'
import { useDeeds } from './use-deeds.ts'

const NO_PROJECTS = [] as const

/** The list is the projects page's; from elsewhere it is asked for when the palette opens. */
function useCommands(search: string): readonly Command[] {
  const client = useClient()
  const { isAdmin } = useSocketStatus()
  const { items } = useProjects()
  const isUnknown = items === null
  useEffect(() => {
    if (!isUnknown) return
    const controller = new AbortController()
    // Without the list there are still pages to go to; the projects page says what is wrong.
    loadAll(client, controller.signal).catch(() => undefined)
    return () => controller.abort()
  }, [client, isUnknown])
  const all = useMemo(() => listCommands(items ?? NO_PROJECTS, isAdmin), [items, isAdmin])
  return useMemo(() => findCommands(all, search), [all, search])
}

interface OptionsProps {
  listId: string
  commands: readonly Command[]
  active: number
  onActive: (index: number) => void
  onRun: (command: Command) => void
}

function Options({ listId, commands, active, onActive, onRun }: OptionsProps) {
  const list = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever another one is active
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active])
  const groups = [...new Set(commands.map(({ group }) => group))]
  return (
    <div
      ref={list}
      id={listId}
      role="listbox"
      aria-label="Commands"
      className="max-h-[min(400px,50dvh)] overflow-y-auto p-2"
    >
      {groups.map((group) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list of options
        <div key={group} role="group" aria-label={group}>
          <p aria-hidden className="px-2.5 pt-2 pb-1 text-faint text-xs">
            {group}
          </p>
          {commands.map((command, index) =>
            command.group === group ? (
              <button
                type="button"
                key={command.id}
                id={`${listId}-${index}`}
                role="option"
                aria-selected={index === active}
                tabIndex={-1}
                onPointerMove={() => onActive(index)}
                onClick={() => onRun(command)}
                className={cn(
                  'flex min-h-9 w-full items-center gap-3 rounded-md px-2.5 text-left',
                  'max-sm:min-h-11',
                  index === active && 'bg-hover',
                )}
              >
                <CommandIcon deed={command.deed} />
                <span className="min-w-0 flex-1 truncate">{command.label}</span>
                <span className="text-muted text-sm">{command.note}</span>
              </button>
            ) : null,
          )}
        </div>
      ))}
    </div>
  )
}

const boxClass = cn(
  'fixed inset-x-3 top-3 z-50 animate-rise overflow-hidden rounded-lg bg-raised shadow-pop',
  'outline-none sm:inset-x-auto sm:top-[14vh] sm:left-1/2 sm:w-[560px] sm:-translate-x-1/2',
)

/** Typed into from anywhere: what matches first runs with Enter. */
export function PaletteDialog({ onClose }: { onClose: () => void }) {
  const listId = useId()
  const [search, setSearch] = useState('')
  const [active, setActive] = useState(0)
  const commands = useCommands(search)
  const run = useDeeds()
  const focus = useFocusReturn()

  const onRun = (command: Command | undefined): void => {
    if (!command) return
    onClose()
    run(command.deed)
  }
  const onKey = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 }
    const by = steps[event.key]
    if (event.key === 'Enter') onRun(commands[active])
    if (by === undefined || commands.length === 0) return
    event.preventDefault()
    setActive((active + by + commands.length) % commands.length)
  }
  return (
    <Radix.Root open onOpenChange={onClose}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 animate-fade bg-scrim" />
        <Radix.Content aria-describedby={undefined} className={boxClass} {...focus}>
          <Radix.Title className="sr-only">Go to or do</Radix.Title>
          <div className="flex items-center gap-3 border-line border-b px-4">
            <Search size={16} aria-hidden className="text-faint" />
            <input
              role="combobox"
              aria-label="Search projects and actions"
              aria-expanded
              aria-controls={listId}
              aria-activedescendant={commands.length > 0 ? `${listId}-${active}` : undefined}
              placeholder="Search projects and actions"
              value={search}
              maxLength={80}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setSearch(event.target.value)
                setActive(0)
              }}
              onKeyDown={onKey}
              className="h-12 w-full bg-transparent text-lg outline-none"
            />
          </div>
          <Options
            listId={listId}
            commands={commands}
            active={active}
            onActive={setActive}
            onRun={onRun}
          />
          <p role="status" className={cn('px-5 pb-5 text-muted', commands.length > 0 && 'sr-only')}>
            {commands.length === 0
              ? `Nothing matches “${search}”.`
              : `${commands.length} ${commands.length === 1 ? 'command' : 'commands'}`}
          </p>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
