/** Looks of a piece of terminal text. Colours are CSS values made here, never text of the log. */
export interface AnsiStyle {
  readonly colour: string | null
  readonly background: string | null
  readonly isBold: boolean
  readonly isDim: boolean
  readonly isItalic: boolean
  readonly isUnderlined: boolean
}

export interface AnsiSegment {
  readonly text: string
  readonly style: AnsiStyle
}

export const PLAIN: AnsiStyle = {
  colour: null,
  background: null,
  isBold: false,
  isDim: false,
  isItalic: false,
  isUnderlined: false,
}

/** The sixteen named colours, chosen to be read on black. */
const PALETTE = [
  ['#6b7a70', '#ff7b72', '#7ee2a0', '#f2cc60', '#79b8ff', '#d2a8ff', '#76e3ea', '#d6e5db'],
  ['#8b9a90', '#ffa198', '#a6f2bf', '#ffe08a', '#a5d0ff', '#e2c5ff', '#a5f3f7', '#f3faf5'],
] as const

const ESC = String.fromCharCode(0x1b)
const BEL = String.fromCharCode(0x07)
/** Every escape sequence there is: colours are read, all others (cursor, title, links) dropped. */
const SEQUENCE = new RegExp(
  [
    `${ESC}\\[([0-?]*)[ -/]*([@-~])?`,
    `${ESC}\\][^${BEL}${ESC}]*(?:${BEL}|${ESC}\\\\)?`,
    `${ESC}[PX^_][^${ESC}]*(?:${ESC}\\\\)?`,
    `${ESC}[ -/]*[0-~]?`,
  ].join('|'),
  'g',
)
/** Control characters but the tab: what is left of them is not text. */
const CONTROLS = /[^\P{Cc}\t]/gu

function basic(code: number, bright: 0 | 1): string | null {
  return PALETTE[bright][code] ?? null
}

/** One of the 256 colours: 16 named, a cube of 6×6×6, 24 greys. */
function indexed(index: number): string | null {
  if (!Number.isInteger(index) || index < 0 || index > 255) return null
  if (index < 16) return basic(index % 8, index < 8 ? 0 : 1)
  if (index > 231) return grey(8 + (index - 232) * 10)
  const cube = index - 16
  const level = (part: number): number => (part === 0 ? 0 : 55 + part * 40)
  return rgb(level(Math.floor(cube / 36)), level(Math.floor(cube / 6) % 6), level(cube % 6))
}

const grey = (level: number): string => `rgb(${level} ${level} ${level})`

function rgb(...parts: readonly (number | undefined)[]): string | null {
  const isByte = (part: number | undefined): boolean =>
    part !== undefined && Number.isInteger(part) && part >= 0 && part <= 255
  return parts.length === 3 && parts.every(isByte) ? `rgb(${parts.join(' ')})` : null
}

/** Reads `5;n` or `2;r;g;b` after a 38 or 48. */
function extended(codes: readonly number[], at: number): { colour: string | null; used: number } {
  if (codes[at] === 5) return { colour: indexed(codes[at + 1] ?? -1), used: 2 }
  if (codes[at] === 2) return { colour: rgb(...codes.slice(at + 1, at + 4)), used: 4 }
  return { colour: null, used: 0 }
}

const SIMPLE: Readonly<Record<number, Partial<AnsiStyle>>> = {
  0: PLAIN,
  1: { isBold: true },
  2: { isDim: true },
  3: { isItalic: true },
  4: { isUnderlined: true },
  22: { isBold: false, isDim: false },
  23: { isItalic: false },
  24: { isUnderlined: false },
  39: { colour: null },
  49: { background: null },
}

function applyCodes(style: AnsiStyle, parameters: string): AnsiStyle {
  const codes = parameters === '' ? [0] : parameters.split(/[;:]/).map(Number)
  let next = style
  for (let at = 0; at < codes.length; at += 1) {
    const code = codes[at] ?? 0
    const simple = SIMPLE[code]
    if (simple) next = { ...next, ...simple }
    else if (code >= 30 && code <= 37) next = { ...next, colour: basic(code - 30, 0) }
    else if (code >= 90 && code <= 97) next = { ...next, colour: basic(code - 90, 1) }
    else if (code >= 40 && code <= 47) next = { ...next, background: basic(code - 40, 0) }
    else if (code >= 100 && code <= 107) next = { ...next, background: basic(code - 100, 1) }
    else if (code === 38 || code === 48) {
      const { colour, used } = extended(codes, at + 1)
      next = code === 38 ? { ...next, colour } : { ...next, background: colour }
      at += used
    }
  }
  return next
}

/** A line that was drawn over itself shows what was drawn last, as a terminal would. */
function lastDrawing(text: string): string {
  const trimmed = text.replace(/\r+$/, '')
  return trimmed.slice(trimmed.lastIndexOf('\r') + 1)
}

/** Splits a line of terminal output into pieces of one look each. Text stays text: never HTML. */
export function parseAnsi(line: string): AnsiSegment[] {
  const text = lastDrawing(line)
  const segments: AnsiSegment[] = []
  let style = PLAIN
  let from = 0
  const add = (piece: string): void => {
    const clean = piece.replace(CONTROLS, '')
    if (clean !== '') segments.push({ text: clean, style })
  }
  for (const match of text.matchAll(SEQUENCE)) {
    add(text.slice(from, match.index))
    from = match.index + match[0].length
    if (match[2] === 'm') style = applyCodes(style, match[1] ?? '')
  }
  add(text.slice(from))
  return segments
}

/** The line as it is copied: without a trace of its looks. */
export function stripAnsi(line: string): string {
  return parseAnsi(line)
    .map((segment) => segment.text)
    .join('')
}
