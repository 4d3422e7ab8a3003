import type { ReactNode } from 'react'
import { cn } from '../../lib/cn.ts'
import type { Source } from './project-wish.ts'
import { TemplateIcon } from './template-icon.tsx'
import { OFFERED, ORIGIN_WORDS, type OriginWords } from './template-words.ts'

/** Beside the templates. */
const OWN_FILES: Partial<Record<Source, OriginWords>> = {
  import: { label: 'Zip file', hint: 'Your own files' },
  git: { label: 'Git repository', hint: 'Cloned for you' },
}

const SOURCES: readonly Source[] = [...OFFERED, 'git', 'import']
/** Pairs of what begins with a program, then a row of three: no cell stays empty. */
const PAIRED = 4

export const wordsOf = (source: Source): OriginWords => OWN_FILES[source] ?? ORIGIN_WORDS[source]

/** What a source is, for a card to pick it by. */
export function SourceFace({ source }: { source: Source }) {
  const { label, hint } = wordsOf(source)
  return (
    <>
      <TemplateIcon origin={source} size={32} />
      <span className="min-w-0 text-left">
        <span className="block font-medium leading-snug">{label}</span>
        <span className="block text-muted text-sm leading-snug">{hint}</span>
      </span>
    </>
  )
}

/** Everything a project can start from; `children` draws one of them. */
export function SourceGrid({ children }: { children: (source: Source) => ReactNode }) {
  return (
    <div className="grid grid-cols-2 gap-2 sm:grid-cols-6">
      {SOURCES.map((source, index) => (
        <div
          key={source}
          className={cn(
            'grid min-w-0 grid-cols-1 max-sm:last:col-span-2',
            index < PAIRED ? 'sm:col-span-3' : 'sm:col-span-2',
          )}
        >
          {children(source)}
        </div>
      ))}
    </div>
  )
}
