import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Counter } from '../src/drivers/qemu/network/rules.ts'
import {
  createHost,
  createMachine,
  describeAsRoot,
  dropped,
  HOST,
  heardBy,
  listenIn,
  METADATA,
  NAME_SERVER,
  NEIGHBOUR,
  OUTSIDE,
  PRIVATE,
  SETTINGS,
  type TestMachine,
} from './support/network/hosts.ts'
import { ip, type Remote, startIn } from './support/network/namespaces.ts'
import { Cleanup, until } from './support/processes.ts'

/** Within a machine everything is there at once; this is for a busy one. */
const ANSWER_MS = 20_000

/**
 * Nothing leaves the namespaces. What must not arrive is waited for at the counter of the rule that
 * drops it; that the listener would have heard it is shown from another side.
 */
describeAsRoot('a machine with a tap', () => {
  const cleanup = new Cleanup()
  let places: Awaited<ReturnType<typeof createHost>>
  let host: Remote
  let outside: Remote
  let neighbour: Remote
  let one: TestMachine
  let other: TestMachine

  beforeAll(async () => {
    places = await createHost(cleanup)
    const taps = startIn(cleanup, places.host, 'tap-host.ts')
    await taps.call('open', await cleanup.folder(), SETTINGS)
    one = await createMachine(cleanup, places.host, taps)
    other = await createMachine(cleanup, places.host, taps)
    host = await listenIn(cleanup, places.host)
    outside = await listenIn(cleanup, places.outside)
    neighbour = await listenIn(cleanup, places.neighbour)
  })
  afterAll(() => cleanup.run())

  /** Sends and returns once the rule has dropped it, and nothing else. */
  async function isDropped(counter: Counter, send: () => Promise<unknown>): Promise<void> {
    const before = await dropped(places.host, counter)
    await send()
    await until(`${counter} counts it`, async () => (await dropped(places.host, counter)) > before)
  }

  it('reaches the outside under the address of the host', async () => {
    expect(await one.peer.call('ask', OUTSIDE, ANSWER_MS)).toBe('hello')
    expect(await heardBy(outside)).toEqual([`tcp ${HOST}`])
  })

  it('is reached by its host', async () => {
    expect(await host.call('ask', one.ip, ANSWER_MS)).toBe('hello')
    expect(await heardBy(one.peer)).toEqual([`tcp ${one.gateway}`])
  })

  it('does not reach its host, by any of its addresses', async () => {
    expect(await outside.call('ask', HOST, ANSWER_MS)).toBe('hello')
    expect(await heardBy(host)).toEqual([`tcp ${OUTSIDE}`])
    for (const address of [HOST, '203.0.113.1', one.gateway, other.gateway]) {
      await isDropped('to_host', () => one.peer.call('send', address, 'hello'))
    }
    await isDropped('to_host', () => one.peer.call('send', '255.255.255.255', 'hello'))
    expect(await heardBy(host)).toEqual([])
  })

  it('does not reach another machine', async () => {
    expect(await host.call('ask', other.ip, ANSWER_MS)).toBe('hello')
    await heardBy(other.peer)
    await isDropped('to_machine', () => one.peer.call('send', other.ip, 'hello'))
    expect(await heardBy(other.peer)).toEqual([])
  })

  it('does not reach denied networks nor the metadata of a cloud', async () => {
    for (const address of [PRIVATE, METADATA, NAME_SERVER]) {
      // The link of the host must lead there, or it would not be the rules that keep it away.
      expect((await ip(`-n ${places.host} route get ${address}`)).includes('dev up0')).toBe(true)
      await isDropped('to_denied', () => one.peer.call('send', address, 'hello'))
    }
    expect(await heardBy(outside)).toEqual([])
    await host.call('send', PRIVATE, 'hello')
    const arrives = async () => (await heardBy(outside))[0]
    expect(await until('the host gets there', arrives)).toBe(`udp ${HOST} hello`)
  })

  it('reaches its name server, at its port only', async () => {
    const before = await dropped(places.host, 'to_denied')
    await outside.call('hearAlso', 53)
    await one.peer.call('send', NAME_SERVER, 'name?', { port: 53 })
    const arrives = async () => (await heardBy(outside))[0]
    expect(await until('the question arrives', arrives)).toBe(`udp ${HOST} name?`)
    expect(await dropped(places.host, 'to_denied')).toBe(before)
  })

  it('sends under no address but its own', async () => {
    for (const address of ['10.62.200.200', other.ip]) {
      await ip(`-n ${one.namespace} address add ${address}/32 dev eth0`)
      await isDropped('spoofed', () => one.peer.call('send', OUTSIDE, 'hello', { from: address }))
      await ip(`-n ${one.namespace} address delete ${address}/32 dev eth0`)
    }
    expect(await heardBy(outside)).toEqual([])
  })

  it('is not reached by anybody else', async () => {
    expect(await host.call('ask', one.ip, ANSWER_MS)).toBe('hello')
    await heardBy(one.peer)
    await isDropped('from_outside', () => outside.call('send', one.ip, 'hello'))
    expect(await heardBy(one.peer)).toEqual([])
  })

  it('does not make its host a way from the outside to its other networks', async () => {
    expect(await host.call('ask', NEIGHBOUR, ANSWER_MS)).toBe('hello')
    await heardBy(neighbour)
    await isDropped('from_outside', async () => outside.call('send', NEIGHBOUR, 'hello'))
    expect(await heardBy(neighbour)).toEqual([])
  })

  it('has so many connections at a time, and takes no room from others', async () => {
    // The cable loses what comes too fast, and not all of it may get through at the first try.
    await until('too many are counted', async () => {
      await one.peer.call('flood', OUTSIDE, 5_000)
      return (await dropped(places.host, 'too_many')) > 0
    })
    expect(await other.peer.call('ask', OUTSIDE, ANSWER_MS)).toBe('hello')
  })
})
