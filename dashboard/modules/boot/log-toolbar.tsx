'use client'

import { Check, ChevronDown, ChevronUp, Copy, Search, X } from 'lucide-react'
import { type KeyboardEvent, type Ref, useState } from 'react'
import { cn } from '../../lib/cn.ts'
import type { FeedRow } from '../../live/feed-reducer.ts'
import { IconButton } from '../../ui/button.tsx'
import { plainText } from './log-search.ts'
import type { LogSearch } from './use-log-search.ts'

const COPIED_MS = 1_500
const iconClass = 'text-term-dim hover:bg-term-hover hover:text-term-bright'

function CopyButton({ rows }: { rows: readonly FeedRow[] }) {
  const [isCopied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(rows.map(plainText).join('\n'))
    setCopied(true)
    setTimeout(() => setCopied(false), COPIED_MS)
  }
  return (
    <IconButton
      label={isCopied ? 'Copied' : 'Copy log'}
      className={iconClass}
      disabled={rows.length === 0}
      onClick={() => void copy()}
    >
      {isCopied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
    </IconButton>
  )
}

interface SearchFieldProps {
  ref: Ref<HTMLInputElement>
  search: LogSearch
  onClose: () => void
}

function SearchField({ ref, search, onClose }: SearchFieldProps) {
  const { text, count, place, move } = search
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') onClose()
    if (event.key === 'Enter') move(event.shiftKey ? 1 : -1)
  }
  return (
    <search className="flex min-w-0 items-center max-sm:flex-1">
      <input
        ref={ref}
        type="text"
        aria-label="Search the log"
        placeholder="Search"
        value={text}
        maxLength={200}
        spellCheck={false}
        onChange={(event) => search.setText(event.target.value)}
        onKeyDown={onKey}
        className={cn(
          'h-8 min-w-0 rounded-md bg-term-hover px-2.5 font-mono text-sm text-term-bright sm:w-52',
          'placeholder:text-term-dim max-sm:h-10 max-sm:flex-1 max-sm:text-lg',
        )}
      />
      <span role="status" className="min-w-16 px-2 text-right text-sm text-term-dim tabular-nums">
        {text !== '' && (count === 0 ? 'none' : `${place} of ${count}`)}
      </span>
      <IconButton label="Earlier match" className={iconClass} onClick={() => move(-1)}>
        <ChevronUp size={16} aria-hidden />
      </IconButton>
      <IconButton label="Later match" className={iconClass} onClick={() => move(1)}>
        <ChevronDown size={16} aria-hidden />
      </IconButton>
      <IconButton label="Close search" className={iconClass} onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </search>
  )
}

interface LogToolbarProps {
  field: Ref<HTMLInputElement>
  rows: readonly FeedRow[]
  search: LogSearch
  isSearching: boolean
  onSearching: (isSearching: boolean) => void
}

/** What can be done with the log; floats over its upper right corner. */
export function LogToolbar(props: LogToolbarProps) {
  const { rows, search, isSearching, onSearching } = props
  const close = (): void => {
    search.setText('')
    onSearching(false)
  }
  return (
    <div
      className={cn(
        'flex items-center border-term-line bg-term p-0.5',
        'max-sm:justify-end max-sm:border-b max-sm:px-2',
        'sm:absolute sm:top-2 sm:right-3 sm:z-10 sm:rounded-lg',
        isSearching && 'sm:border sm:shadow-pop',
      )}
    >
      {isSearching ? (
        <SearchField ref={props.field} search={search} onClose={close} />
      ) : (
        <IconButton
          label="Search the log"
          aria-keyshortcuts="/"
          title="Search the log (/)"
          className={iconClass}
          onClick={() => onSearching(true)}
        >
          <Search size={16} aria-hidden />
        </IconButton>
      )}
      <CopyButton rows={rows} />
    </div>
  )
}
