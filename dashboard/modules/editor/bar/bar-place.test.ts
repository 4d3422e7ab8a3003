import { describe, expect, it } from '@jest/globals'
import { nearestPlace, nextPlace, PLACES, placeAfterKey, readPlace } from './bar-place.ts'

const SCREEN = { width: 900, height: 600 }

describe('the place of the bar', () => {
  it('is the one nearest to where it was let go', () => {
    expect(nearestPlace({ x: 10, y: 10 }, SCREEN)).toBe('top-left')
    expect(nearestPlace({ x: 450, y: 590 }, SCREEN)).toBe('bottom-centre')
    expect(nearestPlace({ x: 890, y: 301 }, SCREEN)).toBe('bottom-right')
  })

  it('goes one step with an arrow key and stays at an edge', () => {
    expect(placeAfterKey('bottom-right', 'ArrowLeft')).toBe('bottom-centre')
    expect(placeAfterKey('bottom-right', 'ArrowRight')).toBe('bottom-right')
    expect(placeAfterKey('bottom-left', 'ArrowUp')).toBe('top-left')
    expect(placeAfterKey('bottom-left', 'Enter')).toBeNull()
  })

  it('can be brought to every place by pressing alone', () => {
    let place = PLACES[0]
    const seen = PLACES.map(() => {
      place = nextPlace(place) as typeof place
      return place
    })
    expect(new Set(seen).size).toBe(PLACES.length)
  })

  it('is the usual one when what is stored is no place', () => {
    expect(readPlace({ getItem: () => 'the moon' })).toBe('bottom-right')
  })
})
