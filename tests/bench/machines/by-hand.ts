import { randomUUID } from 'node:crypto'
import { guestClient } from '@vessel/infra-agent/testing/guest-client'
import { makeQemu } from '@vessel/infra-agent/testing/qemu'
import { bootId, sessionId } from '@vessel/proto/ids'
import { DEFAULT_MACHINE } from '@vessel/proto/machine'

const CALL_MS = 120_000

/**
 * The same image, disk and guest agent without any of Vessel around them: from the order to VS Code
 * answering, in milliseconds.
 */
export async function bootByHand(): Promise<number> {
  const under = await makeQemu()
  const signal = AbortSignal.timeout(10 * CALL_MS)
  const order = {
    session: sessionId.parse(randomUUID()),
    bootId: bootId.parse(randomUUID()),
    spec: DEFAULT_MACHINE,
    token: randomUUID() + randomUUID(),
    environment: {},
  }
  try {
    const startedAt = performance.now()
    await under.volumes.create(order.session, order.spec)
    const handle = await under.driver.create(order, signal)
    const endpoint = await under.until('it has an address', () => under.driver.address(handle))
    const ref = { endpoint, token: order.token }
    await under.until('it answers', () => under.health(ref).catch(() => null))
    await guestClient.hydrate(ref, null, { onProgress: () => undefined, signal })
    await guestClient.startIde(ref, signal)
    await under.until('VS Code answers', async () => {
      const { ide } = await guestClient.health(ref, signal)
      return ide === 'up'
    })
    return performance.now() - startedAt
  } finally {
    await under.driver.destroy(order)
    await under.cleanup()
  }
}
