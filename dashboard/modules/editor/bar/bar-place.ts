/** Where the bar can stand: each keeps clear of VS Code's own bars. */
export const PLACES = [
  'bottom-right',
  'bottom-centre',
  'bottom-left',
  'top-left',
  'top-centre',
  'top-right',
] as const
export type BarPlace = (typeof PLACES)[number]

export const PLACE_WORDS: Record<BarPlace, string> = {
  'bottom-right': 'bottom right',
  'bottom-centre': 'bottom centre',
  'bottom-left': 'bottom left',
  'top-left': 'top left',
  'top-centre': 'top centre',
  'top-right': 'top right',
}

const KEY = 'vessel.bar-place'

interface Point {
  readonly x: number
  readonly y: number
}
interface Size {
  readonly width: number
  readonly height: number
}

/** The place nearest to where the bar was let go. */
export function nearestPlace({ x, y }: Point, { width, height }: Size): BarPlace {
  const row = y < height / 2 ? 'top' : 'bottom'
  if (x < width / 3) return `${row}-left`
  return x < (width * 2) / 3 ? `${row}-centre` : `${row}-right`
}

export function nextPlace(place: BarPlace): BarPlace {
  return PLACES[(PLACES.indexOf(place) + 1) % PLACES.length] ?? 'bottom-right'
}

const ROWS = ['top', 'bottom'] as const
const COLUMNS = ['left', 'centre', 'right'] as const

const clamped = <T>(list: readonly T[], index: number, otherwise: T): T =>
  list[Math.min(list.length - 1, Math.max(0, index))] ?? otherwise

/** One step with an arrow key; at an edge it stays. Null: the key is no arrow. */
export function placeAfterKey(place: BarPlace, key: string): BarPlace | null {
  const [row, column] = place.split('-') as [(typeof ROWS)[number], (typeof COLUMNS)[number]]
  const at = COLUMNS.indexOf(column)
  switch (key) {
    case 'ArrowUp':
      return `top-${column}`
    case 'ArrowDown':
      return `bottom-${column}`
    case 'ArrowLeft':
      return `${row}-${clamped(COLUMNS, at - 1, column)}`
    case 'ArrowRight':
      return `${row}-${clamped(COLUMNS, at + 1, column)}`
    default:
      return null
  }
}

export function readPlace(storage: Pick<Storage, 'getItem'>): BarPlace {
  const stored = storage.getItem(KEY)
  return PLACES.find((place) => place === stored) ?? 'bottom-right'
}

export function writePlace(storage: Pick<Storage, 'setItem'>, place: BarPlace): void {
  try {
    storage.setItem(KEY, place)
  } catch {
    // Storage is full or forbidden: next time it stands where it stands for everyone.
  }
}
