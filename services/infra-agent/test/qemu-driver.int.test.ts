import { readFile } from 'node:fs/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { DriverUnderTest } from '../src/drivers/driver.contract.ts'
import { qemuProcesses } from '../src/drivers/qemu/processes.ts'
import { guestClient } from '../src/guest/client.ts'
import type { Paths } from '../src/paths.ts'
import { newBootId, startCommand } from './support/agent.ts'
import { goldenImage } from './support/golden-image.ts'
import { IMAGE_MS, makeQemu } from './support/qemu.ts'

const CONFIG_OF_QEMU = '/sys/firmware/qemu_fw_cfg/by_name/opt/vessel/guest.json/raw'
/** Emulated machines take their time. */
const TEST_MS = 600_000

beforeAll(() => goldenImage(), IMAGE_MS)

describe('a virtual machine', () => {
  let under: DriverUnderTest & { paths: Paths }
  let listening: AbortController
  beforeEach(() => {
    listening = new AbortController()
  })
  afterEach(async () => {
    listening.abort()
    await under.cleanup()
  }, TEST_MS)

  async function boot(session = startCommand().session) {
    const spec = { cpuCount: 1, memoryMib: 512, diskMib: 256 }
    const environment = { GREETING: 'hello' }
    const order = { session, bootId: newBootId(), spec, token: 't'.repeat(40), environment }
    if (!(await under.volumes.exists(session))) await under.volumes.create(session, spec)
    const handle = await under.driver.create(order, AbortSignal.timeout(TEST_MS))
    const said: string[] = []
    void under.driver.console(session, (line) => void said.push(line), listening.signal)
    const endpoint = await under.until('an address', () => under.driver.address(handle))
    const ref = { endpoint, token: order.token }
    await under.until('it answers', async () => {
      return under.health(ref).then(
        () => true,
        () => false,
      )
    })
    const run = async (command: string) => {
      const what = { argv: ['sh', '-c', command], timeoutMs: 120_000 }
      return (await guestClient.exec(ref, what, AbortSignal.timeout(130_000))).stdout.trim()
    }
    return { order, said, run }
  }

  it(
    'is a person without rights on a machine of its own, which reaches nothing outside',
    async () => {
      under = await makeQemu()
      const { run, order, said } = await boot()
      expect(await run('id -un; echo $GREETING')).toBe('workspace\nhello')
      expect(await run('uname -r')).toMatch(/cloud/)
      expect(await run(`touch /opt/x; cat /etc/shadow ${CONFIG_OF_QEMU}`)).toBe('')
      expect(await run(`curl -sm 3 http://10.0.2.2:22 >/dev/null || echo 'nothing there'`)).toBe(
        'nothing there',
      )
      const [machine] = await qemuProcesses(under.paths.vmsDir)
      const argv = await readFile(`/proc/${machine?.pid}/cmdline`, 'utf8')
      expect(argv).toContain(order.session)
      expect(argv).not.toContain(order.token)
      expect(said.join('\n')).toMatch(/vessel/i)
    },
    TEST_MS,
  )

  it(
    'has an identity of its own at each start, and the disk of the session at all of them',
    async () => {
      under = await makeQemu()
      const first = await boot()
      await first.run('echo kept > /home/workspace/project/file; sync')
      const identity = await first.run('cat /etc/machine-id')
      await under.driver.destroy(first.order)

      const second = await boot(first.order.session)
      expect(await second.run('cat /home/workspace/project/file')).toBe('kept')
      expect(await second.run('cat /etc/machine-id')).not.toBe(identity)
    },
    TEST_MS,
  )
})
