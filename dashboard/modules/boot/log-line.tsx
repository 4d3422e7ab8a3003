import { memo } from 'react'
import { cn } from '../../lib/cn.ts'
import type { FeedRow } from '../../live/feed-reducer.ts'
import { type AnsiStyle, parseAnsi } from './ansi.ts'
import { cutAtMatches } from './log-search.ts'

type LineRow = Extract<FeedRow, { kind: 'line' }>

const LEVELS = { info: '', warn: 'text-term-warn', error: 'text-term-error' }

function lookOf(style: AnsiStyle) {
  return {
    color: style.colour ?? undefined,
    background: style.background ?? undefined,
    fontWeight: style.isBold ? 700 : undefined,
    fontStyle: style.isItalic ? 'italic' : undefined,
    textDecoration: style.isUnderlined ? 'underline' : undefined,
    opacity: style.isDim ? 0.7 : undefined,
  }
}

/** Seconds since the machine was asked for; drawn beside the line and never copied with it. */
function offsetOf(at: string, startMs: number): string {
  return `${Math.max(0, (Date.parse(at) - startMs) / 1_000).toFixed(2)}`
}

function Note({ children }: { children: string }) {
  return <div className="my-1 pl-[8ch] text-term-warn italic">⋯ {children}</div>
}

function Marked({ text, search }: { text: string; search: string }) {
  return cutAtMatches(text, search).map((piece, index) =>
    piece.isMatch ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change
      <mark key={index} className="rounded-xs bg-term-mark text-term">
        {piece.text}
      </mark>
    ) : (
      piece.text
    ),
  )
}

interface LogLineProps {
  row: LineRow
  startMs: number
  /** Empty, or what is searched for. */
  search: string
  /** The reader stands at this one of the lines that were found. */
  isCurrent: boolean
}

export const LogLine = memo(function LogLine({ row, startMs, search, isCurrent }: LogLineProps) {
  const { line } = row
  const dropped = line.linesDropped
  return (
    <>
      {dropped && <Note>{`${dropped} lines were dropped: too many at once`}</Note>}
      <div
        data-boot-id={line.bootId}
        data-seq={line.seq}
        data-row={row.key}
        data-offset={offsetOf(row.at, startMs)}
        className={cn(
          'relative min-h-5 whitespace-pre-wrap break-words pl-[8ch]',
          'before:absolute before:left-0 before:w-[6.5ch] before:select-none before:text-right',
          'before:text-term-dim before:content-[attr(data-offset)]',
          isCurrent && 'bg-term-hover outline outline-term-dim',
          LEVELS[line.level],
        )}
      >
        {parseAnsi(line.text).map(({ text, style }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a line never change
          <span key={index} style={lookOf(style)}>
            {search === '' ? text : <Marked text={text} search={search} />}
          </span>
        ))}
        {line.isCut && <span className="text-term-dim"> … cut</span>}
      </div>
    </>
  )
})

export function GapLine({ row }: { row: Extract<FeedRow, { kind: 'gap' }> }) {
  const { from, to } = row.gap
  const count = to - from + 1
  return (
    <div data-gap={`${from}-${to}`} data-row={row.key}>
      <Note>{`${count} ${count === 1 ? 'line is' : 'lines are'} missing here`}</Note>
    </div>
  )
}
