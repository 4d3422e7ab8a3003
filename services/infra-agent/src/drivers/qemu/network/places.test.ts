import { describe, expect, it } from '@jest/globals'
import { bootId } from '@vessel/proto/ids'
import { type Network, parseNetwork } from '../../../host/ipv4.ts'
import { freePlace, type Place } from './places.ts'

const boot = (end: string) => bootId.parse(`11111111-1111-4111-8111-1111${end}`)
const network = (text: string): Network => parseNetwork(text) ?? { base: 0, prefix: 0 }
const nothing = { names: new Set<string>(), networks: [] }

describe('places of machines', () => {
  it('have the host at one end and the machine at the other', () => {
    expect(freePlace(boot('00000001'), network('10.62.0.0/16'), nothing)).toEqual({
      tap: 'vsl1',
      network: network('10.62.0.4/30'),
      gateway: '10.62.0.5',
      address: '10.62.0.6',
    })
  })

  it('fill the whole range without sharing anything, and then there is none', () => {
    const range = network('10.62.0.0/27')
    const places: Place[] = []
    const next = () =>
      freePlace(boot('0000000d'), range, {
        names: new Set(places.map(({ tap }) => tap)),
        networks: places.map((place) => place.network),
      })
    for (let place = next(); place; place = next()) places.push(place)
    expect(places).toHaveLength(8)
    expect(new Set(places.map(({ address }) => address)).size).toBe(8)
    expect(places[0]?.tap).toBe('vsl5')
  })

  it('leave out names and networks that somebody else has', () => {
    const range = network('10.62.0.0/28')
    const taken = { names: new Set(['vsl0']), networks: [network('10.62.0.4/30')] }
    expect(freePlace(boot('00000000'), range, taken)?.tap).toBe('vsl2')
    const whole = { names: new Set<string>(), networks: [network('10.0.0.0/8')] }
    expect(freePlace(boot('00000000'), range, whole)).toBeNull()
  })
})
