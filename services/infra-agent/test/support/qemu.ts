import { join } from 'node:path'
import type { DriverUnderTest } from '../../src/drivers/driver.contract.ts'
import { createQemuDriver } from '../../src/drivers/qemu/driver.ts'
import { readGoldenImage } from '../../src/drivers/qemu/image.ts'
import { createUserNetwork } from '../../src/drivers/qemu/network/user-network.ts'
import { qemuProcesses } from '../../src/drivers/qemu/processes.ts'
import { runTool } from '../../src/drivers/qemu/run-tool.ts'
import { guestClient } from '../../src/guest/client.ts'
import { systemClock as clock } from '../../src/host/clock.ts'
import { readHostBootId } from '../../src/host/identity.ts'
import { createPaths, type Paths } from '../../src/paths.ts'
import { createDiskVolumes } from '../../src/volumes/disk-volumes.ts'
import { goldenImage } from './golden-image.ts'
import { Cleanup, until } from './processes.ts'

/** The image is made once per machine; after that it is there at once. */
export const IMAGE_MS = 15 * 60_000
const BOOT_MS = 240_000

/** The driver over the golden image of this checkout, in folders of its own. */
export async function makeQemu(): Promise<DriverUnderTest & { paths: Paths }> {
  const cleanup = new Cleanup()
  const paths = createPaths(join(await cleanup.folder(), 'state'))
  const driver = createQemuDriver({
    ...{ paths, clock, run: runTool, image: await readGoldenImage(await goldenImage()) },
    hostBootId: await readHostBootId(),
    acceleration: 'tcg',
    network: createUserNetwork(false),
    path: process.env.PATH ?? '',
  })
  cleanup.add(async () => {
    for (const machine of await qemuProcesses(paths.vmsDir)) await driver.destroy(machine)
  })
  return {
    driver,
    paths,
    volumes: createDiskVolumes({ paths, run: runTool }),
    health: (ref) => guestClient.health(ref, AbortSignal.timeout(2_000)),
    until: (what, look) => until(what, look, BOOT_MS),
    cleanup: () => cleanup.run(),
  }
}
