import { mkdir } from 'node:fs/promises'
import { readConfig } from '../../../src/config.ts'
import { type DriverChoice, selectDriver } from '../../../src/drivers/select-driver.ts'
import { guestClient } from '../../../src/guest/client.ts'
import { readHostBootId } from '../../../src/host/identity.ts'
import { createPaths } from '../../../src/paths.ts'
import type { Endpoint, MachineOrder } from '../../../src/vm/ports.ts'
import { until } from '../processes.ts'
import { serve } from './serve.ts'

/** Emulated machines take their time. */
const BOOT_MS = 240_000
const EXEC_MS = 120_000

/** A host with machines by qemu, as the agent would set it up with these variables. */
let host: DriverChoice
const said: unknown[] = []
const note = (facts: object, message: string) => said.push({ ...facts, message })

serve({
  async open(environment: Record<string, string>) {
    const config = readConfig(environment)
    const paths = createPaths(config.STATE_DIR)
    await mkdir(paths.vmsDir, { recursive: true })
    const log = { debug: note, info: note, warn: note, error: note }
    host = await selectDriver({
      ...{ config, paths, log, hostBootId: await readHostBootId() },
      ...{ path: process.env.PATH ?? '', execPath: process.execPath },
    })
    await host.driver.sweep?.()
    return said
  },

  /** Where the guest agent answers, once it does. */
  async boot(order: MachineOrder): Promise<Endpoint> {
    await host.volumes.create(order.session, order.spec)
    const handle = await host.driver.create(order, AbortSignal.timeout(BOOT_MS))
    const endpoint = await until('an address', () => host.driver.address(handle), BOOT_MS)
    const health = () =>
      guestClient.health({ endpoint, token: order.token }, AbortSignal.timeout(5_000)).then(
        () => true,
        () => false,
      )
    await until('the guest answers', health, BOOT_MS)
    return endpoint
  },

  /** Where the machines answer that this host has. */
  async machines() {
    const found = await host.driver.list()
    return Promise.all(
      found.map(async ({ bootId, handle }) => ({
        bootId,
        endpoint: await host.driver.address(handle),
      })),
    )
  },

  async run(ref: { endpoint: Endpoint; token: string }, command: string) {
    const order = { argv: ['sh', '-c', command], timeoutMs: EXEC_MS }
    return (await guestClient.exec(ref, order, AbortSignal.timeout(EXEC_MS))).stdout.trim()
  },

  destroy: ({ session, bootId }: MachineOrder) => host.driver.destroy({ session, bootId }),
})
