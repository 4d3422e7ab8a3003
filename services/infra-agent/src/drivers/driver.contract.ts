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
    spec: { cpuCount: 1, memoryMib: 256, diskMib: 256 },
    token: randomUUID() + randomUUID(),
    environment: {},
  }
}

/** Every driver passes this suite: the lifecycle is built on nothing else. */
export function describeDriver(name: string, make: () => Promise<DriverUnderTest>): void {
  describe(`the ${name} driver`, () => {
    const testMs = 120_000
    const signal = new AbortController().signal
    let under: DriverUnderTest

    beforeEach(async () => {
      under = await make()
    }, testMs)
    afterEach(() => under.cleanup(), testMs)

    async function boot(order: MachineOrder) {
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

    it(
      'makes a machine whose guest answers to its token only',
      async () => {
        const { handle, ref } = await boot(newOrder())
        expect(await under.driver.isAlive(handle)).toBe(true)
        await expect(under.health({ ...ref, token: 'x'.repeat(40) })).rejects.toThrow()
      },
      testMs,
    )

    it(
      'finds its machines by a handle that went through JSON, and by looking',
      async () => {
        const order = newOrder()
        const { handle } = await boot(order)
        const again = JSON.parse(JSON.stringify(handle))
        expect(await under.driver.isAlive(again)).toBe(true)
        const found = (await under.driver.list()).filter(({ bootId: id }) => id === order.bootId)
        expect(found).toHaveLength(1)
        expect(found[0]?.session).toBe(order.session)
      },
      testMs,
    )

    it(
      'makes one machine of a boot however often it is asked',
      async () => {
        const order = newOrder()
        const { handle } = await boot(order)
        expect(await under.driver.create(order, signal)).toEqual(handle)
      },
      testMs,
    )

    it(
      'destroys a machine so that a look finds nothing, and again without complaint',
      async () => {
        const order = newOrder()
        const { handle } = await boot(order)
        await under.driver.destroy(order)
        expect(await under.driver.isAlive(handle)).toBe(false)
        const left = (await under.driver.list()).filter(({ bootId: id }) => id === order.bootId)
        expect(left).toEqual([])
        await under.driver.destroy(order)
        await under.volumes.remove(order.session)
        expect(await under.volumes.exists(order.session)).toBe(false)
      },
      testMs,
    )

    it(
      'leaves the other machines alone when it destroys one',
      async () => {
        const [first, second] = [newOrder(), newOrder()]
        await boot(first)
        const { handle, ref } = await boot(second)
        await under.driver.destroy(first)
        expect(await under.driver.isAlive(handle)).toBe(true)
        await under.health(ref)
      },
      testMs,
    )

    it(
      'stops the clock of a paused machine, and lets it go on',
      async () => {
        const { handle, ref } = await boot(newOrder())
        await under.driver.pause(handle)
        await expect(under.health(ref)).rejects.toThrow()
        expect(await under.driver.isAlive(handle)).toBe(true)
        await under.driver.resume(handle)
        await under.health(ref)
      },
      testMs,
    )
  })
}
