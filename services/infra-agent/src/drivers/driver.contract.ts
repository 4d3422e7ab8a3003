import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { bootId, sessionId } from '@vessel/proto/ids'
import type { Driver, GuestRef, MachineOrder, Volumes } from '../vm/ports.ts'

/** What a suite needs to know of one driver to try it. */
export interface DriverUnderTest {
  readonly driver: Driver
  readonly volumes: Volumes
  /** Asks the guest for its health; throws when it does not answer. */
  health(ref: GuestRef): Promise<unknown>
  /** Waits for a condition, with a deadline that fits the driver. */
  until<T>(what: string, look: () => Promise<T | null | false>): Promise<T>
  cleanup(): Promise<void>
}

function newOrder(): MachineOrder {
  return {
    session: sessionId.parse(randomUUID()),
    bootId: bootId.parse(randomUUID()),
    spec: { cpuCount: 1, memoryMib: 512, diskMib: 256 },
    token: randomUUID() + randomUUID(),
    environment: {},
  }
}

const TEST_MS = 300_000
const signal = new AbortController().signal

/** The driver of the test that is running. */
type Current = () => DriverUnderTest

async function boot(under: DriverUnderTest, order: MachineOrder) {
  await under.volumes.create(order.session, order.spec)
  const handle = await under.driver.create(order, signal)
  const endpoint = await under.until('it has an address', () => under.driver.address(handle))
  const ref = { endpoint, token: order.token }
  await under.until('it answers', async () =>
    under.health(ref).then(
      () => true,
      () => false,
    ),
  )
  return { handle, ref }
}

/** Every driver passes this suite: the lifecycle is built on nothing else. */
export function describeDriver(name: string, make: () => Promise<DriverUnderTest>): void {
  describe(`the ${name} driver`, () => {
    let under: DriverUnderTest
    beforeEach(async () => {
      under = await make()
    }, TEST_MS)
    afterEach(() => under.cleanup(), TEST_MS)
    describeMaking(() => under)
    describeEnding(() => under)
  })
}

function describeMaking(current: Current): void {
  it(
    'makes a machine whose guest answers to its token only',
    async () => {
      const under = current()
      const { handle, ref } = await boot(under, newOrder())
      expect(await under.driver.isAlive(handle)).toBe(true)
      await expect(under.health({ ...ref, token: 'x'.repeat(40) })).rejects.toThrow()
    },
    TEST_MS,
  )

  it(
    'finds its machines by a handle that went through JSON, and by looking',
    async () => {
      const under = current()
      const order = newOrder()
      const { handle } = await boot(under, order)
      const again = JSON.parse(JSON.stringify(handle))
      expect(await under.driver.isAlive(again)).toBe(true)
      const found = (await under.driver.list()).filter(({ bootId: id }) => id === order.bootId)
      expect(found).toHaveLength(1)
      expect(found[0]?.session).toBe(order.session)
    },
    TEST_MS,
  )

  it(
    'makes one machine of a boot however often it is asked',
    async () => {
      const under = current()
      const order = newOrder()
      const { handle } = await boot(under, order)
      expect(await under.driver.create(order, signal)).toEqual(handle)
    },
    TEST_MS,
  )
}

function describeEnding(current: Current): void {
  it(
    'destroys a machine so that a look finds nothing, and again without complaint',
    async () => {
      const under = current()
      const order = newOrder()
      const { handle } = await boot(under, order)
      await under.driver.destroy(order)
      expect(await under.driver.isAlive(handle)).toBe(false)
      const left = (await under.driver.list()).filter(({ bootId: id }) => id === order.bootId)
      expect(left).toEqual([])
      await under.driver.destroy(order)
      await under.volumes.remove(order.session)
      expect(await under.volumes.exists(order.session)).toBe(false)
    },
    TEST_MS,
  )

  it(
    'leaves the other machines alone when it destroys one',
    async () => {
      const under = current()
      const [first, second] = [newOrder(), newOrder()]
      await boot(under, first)
      const { handle, ref } = await boot(under, second)
      await under.driver.destroy(first)
      await under.driver.sweep?.()
      expect(await under.driver.isAlive(handle)).toBe(true)
      await under.health(ref)
    },
    TEST_MS,
  )

  it(
    'stops the clock of a paused machine, and lets it go on',
    async () => {
      const under = current()
      const { handle, ref } = await boot(under, newOrder())
      await under.driver.pause(handle)
      await expect(under.health(ref)).rejects.toThrow()
      expect(await under.driver.isAlive(handle)).toBe(true)
      await under.driver.resume(handle)
      await under.health(ref)
    },
    TEST_MS,
  )
}
