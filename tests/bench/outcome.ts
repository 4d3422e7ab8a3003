/** What has to hold: a figure reached and the limit it is held against. */
export interface Bar {
  readonly what: string
  readonly is: 'at most' | 'at least'
  readonly limit: number
  readonly reached: number
  /** Written behind both figures: `ms`, `×`, `%`. */
  readonly unit: string
}

export interface Row {
  readonly what: string
  /** One figure per column; null where there is none. */
  readonly values: readonly (number | null)[]
}

export interface Outcome {
  readonly name: string
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
  readonly bars: readonly Bar[]
}

/** What could not be measured has not been met. */
export function isBarMet({ is, limit, reached }: Bar): boolean {
  return is === 'at most' ? reached <= limit : reached >= limit
}

export function isMet(outcome: Outcome): boolean {
  return outcome.bars.every(isBarMet)
}

const FIGURE_WIDTH = 12

export function formatOutcome({ name, columns, rows, bars }: Outcome): string {
  const widths = columns.map((column) => Math.max(FIGURE_WIDTH, column.length + 2))
  const line = (cells: readonly string[], what: string) =>
    `  ${cells.map((cell, at) => cell.padStart(widths[at] ?? FIGURE_WIDTH)).join('')}  ${what}`
  return [
    name,
    line(columns, ''),
    ...rows.map(({ what, values }) => line(values.map(formatFigure), what)),
    ...bars.map(formatBar),
  ].join('\n')
}

function formatBar(bar: Bar): string {
  const verdict = isBarMet(bar) ? 'met    ' : 'NOT MET'
  const { reached, limit, unit } = bar
  const figures = `${formatFigure(reached)} ${unit}, ${bar.is} ${formatFigure(limit)} ${unit}`
  return `  ${verdict} ${bar.what}: ${figures}`
}

/** Three digits that mean something; counts in full. */
function formatFigure(value: number | null): string {
  if (value === null || Number.isNaN(value)) return '-'
  if (Number.isInteger(value)) return String(value)
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2
  return value.toFixed(digits)
}
