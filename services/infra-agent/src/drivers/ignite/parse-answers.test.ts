import { describe, expect, it } from '@jest/globals'
import {
  parseImages,
  parseInspected,
  parseListing,
  parseLoops,
  parseMappings,
  parseRunningTasks,
} from './parse-answers.ts'

/** As a real ignite printed it, for a machine that runs. */
const INSPECTED = {
  kind: 'VM',
  apiVersion: 'ignite.weave.works/v1alpha4',
  metadata: {
    name: 'p1',
    uid: '885b8bf9b4e70903',
    created: '2026-11-20T19:48:20Z',
    labels: { app: 'vessel' },
  },
  spec: { image: { oci: 'devvm:1' }, cpus: 1, memory: '512MB', diskSize: '4GB', ssh: true },
  status: {
    running: true,
    runtime: { id: 'ignite-885b8bf9b4e70903', name: 'containerd' },
    startTime: '2026-11-20T19:48:36Z',
    network: { plugin: 'cni', ipAddresses: ['10.61.0.2'] },
  },
}

describe('ps', () => {
  it('lists machines above the warnings on the same stream', () => {
    const warning =
      'time="2026-11-20T19:48:20Z" level=warning msg="Failed to inspect 885b8bf9b4e70903"'
    expect(parseListing(`p1 885b8bf9b4e70903\np2 0123456789abcdef\n${warning}\n`)).toEqual([
      { name: 'p1', uid: '885b8bf9b4e70903' },
      { name: 'p2', uid: '0123456789abcdef' },
    ])
    expect(parseListing('')).toEqual([])
  })
})

describe('inspect', () => {
  it('gives the address of a machine that is said to run', () => {
    expect(parseInspected(JSON.stringify(INSPECTED, null, 2))).toEqual({
      uid: '885b8bf9b4e70903',
      name: 'p1',
      isSaidToRun: true,
      ip: '10.61.0.2',
    })
  })

  it.each([
    ['has stopped', { running: false, network: { plugin: 'cni', ipAddresses: null } }],
    ['was never started', {}],
  ])('gives no address of a machine that %s', (_what, status) => {
    const found = parseInspected(JSON.stringify({ ...INSPECTED, status }))
    expect(found).toMatchObject({ isSaidToRun: false, ip: null })
  })

  it('refuses an address that is none', () => {
    const network = { plugin: 'cni', ipAddresses: ['evil.example'] }
    const text = JSON.stringify({ ...INSPECTED, status: { running: true, network } })
    expect(() => parseInspected(text)).toThrow(/ipAddresses/)
  })
})

describe('the tables of other tools', () => {
  it('of images are split at the tabs they are aligned with', () => {
    const table =
      'IMAGE ID\t\tNAME\t\t\tCREATED\tSIZE\n4e55aaaaaaaaaaaa\tvessel-golden:1\t\t5m ago\t2.9 MB\n'
    expect(parseImages(table)).toEqual([{ id: '4e55aaaaaaaaaaaa', name: 'vessel-golden:1' }])
  })

  it('of loop devices name the file also when it is gone, and may be empty', () => {
    const loopdevices = [
      { name: '/dev/loop0', 'back-file': '/var/lib/firecracker/vm/x/overlay.dm (deleted)' },
      { name: '/dev/loop1', 'back-file': '/srv/a file' },
      { name: '/dev/loop2', 'back-file': null },
    ]
    expect(parseLoops(JSON.stringify({ loopdevices }))).toEqual([
      { device: '/dev/loop0', file: '/var/lib/firecracker/vm/x/overlay.dm' },
      { device: '/dev/loop1', file: '/srv/a file' },
    ])
    expect(parseLoops('')).toEqual([])
    expect(parseLoops('{\n   "loopdevices": [\n\n   ]\n}')).toEqual([])
  })

  it('of tasks tell which run, a paused one among them', () => {
    const table =
      'TASK                       PID     STATUS    \nignite-a    12    RUNNING\nignite-b    0    STOPPED\nignite-c    13    PAUSED\n'
    expect([...parseRunningTasks(table)]).toEqual(['ignite-a', 'ignite-c'])
    expect(() => parseRunningTasks('ctr: connection refused')).toThrow()
  })

  it('of mappings are names, or a sentence where there is none', () => {
    expect(parseMappings('ignite-a-base\t(253:0)\nignite-a\t(253, 1)\n')).toEqual([
      'ignite-a-base',
      'ignite-a',
    ])
    expect(parseMappings('No devices found\n')).toEqual([])
  })
})
