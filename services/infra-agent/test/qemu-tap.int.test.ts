import { afterEach, beforeAll, expect, it } from '@jest/globals'
import type { Endpoint } from '../src/vm/ports.ts'
import { newBootId, startCommand } from './support/agent.ts'
import { goldenImage } from './support/golden-image.ts'
import {
  createHost,
  describeAsRoot,
  dropped,
  HOST,
  heardBy,
  listenIn,
  NAME_SERVER,
  OUTSIDE,
  settingIn,
  tablesIn,
  tapsIn,
} from './support/network/hosts.ts'
import { ip, type Remote, startIn } from './support/network/namespaces.ts'
import { Cleanup, until } from './support/processes.ts'
import { IMAGE_MS } from './support/qemu.ts'

/** Emulated machines take their time. */
const TEST_MS = 600_000
const HOST_MTU = 1_400

/** Nothing leaves the namespaces. */
describeAsRoot('a virtual machine with a tap', () => {
  const cleanup = new Cleanup()
  beforeAll(() => goldenImage(), IMAGE_MS)
  afterEach(() => cleanup.run(), TEST_MS)

  it(
    'reaches the outside by names, not its host, outlives its agent and leaves nothing',
    async () => {
      const places = await createHost(cleanup)
      await ip(`-n ${places.host} link set up0 mtu ${HOST_MTU}`)
      const stateDir = await cleanup.folder()
      const environment = {
        ...{ HOST_ID: 'h1', STATE_DIR: stateDir, ROUTES_DIR: stateDir, DRIVER: 'qemu' },
        ...{ WORKSPACE_BASE_URL: 'http://localhost:8080', DASHBOARD_URL: 'http://localhost:3000' },
        ...{ GOLDEN_IMAGE: await goldenImage(), QEMU_ACCELERATION: 'tcg', QEMU_DNS: NAME_SERVER },
      }
      const { session } = startCommand()
      const spec = { cpuCount: 1, memoryMib: 512, diskMib: 256 }
      const token = 't'.repeat(40)
      const order = { session, bootId: newBootId(), spec, token, environment: {} }
      const openHost = async (): Promise<Remote> => {
        const host = startIn(cleanup, places.host, 'qemu-host.ts')
        cleanup.add(() => host.child.connected && host.call('destroy', order))
        expect(JSON.stringify(await host.call('open', environment))).toContain('by a tap each')
        return host
      }
      const outside = await listenIn(cleanup, places.outside)
      await outside.call('answerNames', NAME_SERVER, OUTSIDE)
      const neighbour = await listenIn(cleanup, places.host)

      const first = await openHost()
      const endpoint = (await first.call('boot', order)) as Endpoint
      const ref = { endpoint, token }
      const ask = (host: string) => `curl -s --http0.9 --max-time 20 http://${host}:4000/`
      expect(await first.call('run', ref, ask('outside.test'))).toBe('hello')
      expect(await heardBy(outside)).toEqual([`tcp ${HOST}`])
      expect(await first.call('run', ref, 'cat /sys/class/net/eth0/mtu')).toBe(String(HOST_MTU))

      const before = await dropped(places.host, 'to_host')
      const refused = first.call('run', ref, ask(HOST))
      await until('it is dropped', async () => (await dropped(places.host, 'to_host')) > before)
      expect(await refused).toBe('')
      expect(await heardBy(neighbour)).toEqual([])

      await first.end()
      const second = await openHost()
      expect(await second.call('machines')).toEqual([{ bootId: order.bootId, endpoint }])
      expect(await second.call('run', ref, ask('outside.test'))).toBe('hello')
      expect(await tapsIn(places.host)).toHaveLength(1)

      await second.call('destroy', order)
      expect(await second.call('machines')).toEqual([])
      expect(await tapsIn(places.host)).toEqual([])
      expect(await tablesIn(places.host)).toEqual([])
      expect(await settingIn(places.host, 'conf/up0/forwarding')).toBe('0')
    },
    TEST_MS,
  )
})
