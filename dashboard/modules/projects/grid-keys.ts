import type { KeyboardEvent } from 'react'

/** Where an arrow leads from a card of a grid; null where nothing lies that way. */
export function neighbourOf(
  key: string,
  from: number,
  { columns, count }: { columns: number; count: number },
): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: from + 1,
    ArrowLeft: from - 1,
    ArrowDown: from + columns,
    ArrowUp: from - columns,
    Home: 0,
    End: count - 1,
  }
  const to = steps[key]
  return to === undefined || to < 0 || to >= count || to === from ? null : to
}

const CONTROLS = 'a[href], button'
const controlsOf = (card: Element | undefined): HTMLElement[] => [
  ...(card?.querySelectorAll<HTMLElement>(CONTROLS) ?? []),
]

/**
 * Arrows go from card to card and stay on the same control of it: by Tab alone a card has three
 * stops. What a menu or a dialog does with an arrow is its own, and lies outside the grid.
 */
export function moveInGrid(event: KeyboardEvent<HTMLElement>): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
  const cards = [...event.currentTarget.children] as HTMLElement[]
  const from = cards.findIndex((card) => card.contains(event.target as Node))
  if (from < 0) return
  const top = cards[0]?.offsetTop
  const columns = cards.filter((card) => card.offsetTop === top).length
  const to = neighbourOf(event.key, from, { columns, count: cards.length })
  if (to === null) return
  event.preventDefault()
  const place = controlsOf(cards[from]).indexOf(event.target as HTMLElement)
  const controls = controlsOf(cards[to])
  const wanted = controls[place]
  // A button that can do nothing now cannot have the focus either.
  const target = wanted?.matches(':disabled') ? controls[0] : wanted
  target?.focus()
}
