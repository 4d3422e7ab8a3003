import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { sessionId } from '@vessel/proto/ids'
import { type Found, leftoversOf } from './leftovers.ts'

const [KNOWN, GONE] = ['ignite-0000000000000001', 'ignite-0000000000000002']
const [alive, ended] = [sessionId.parse(randomUUID()), sessionId.parse(randomUUID())]
const folders = { igniteDir: '/var/lib/firecracker', vmsDir: '/var/lib/vessel/vms' }
const NOTHING: Found = {
  owners: new Set([KNOWN]),
  sessions: new Set([alive]),
  ...{ containers: [], leases: [], mappings: [], loops: [], links: [] },
  ...{ emptyFolders: [], consoleCopies: [] },
}
const loop = (device: string, file: string, isHeld = false) => ({
  ...{ device, file, isHeld },
})

describe('the leftovers of a host', () => {
  it('are what belongs to no machine, of what is ignite’s', () => {
    const left = leftoversOf(
      {
        ...NOTHING,
        containers: [KNOWN, GONE, 'somebody-elses'],
        leases: [
          { file: '/n/10.61.0.2', owner: KNOWN },
          { file: '/n/10.61.0.4', owner: GONE },
          { file: '/n/10.88.0.2', owner: 'a-pod' },
        ],
        mappings: ['vg-root', KNOWN, `${KNOWN}-base`, `${GONE}-base`, GONE],
        emptyFolders: ['0000000000000002'],
        consoleCopies: [`${KNOWN}.log`, `${GONE}.log`],
      },
      folders,
    )
    expect(left.containers).toEqual([GONE])
    expect(left.leases).toEqual(['/n/10.61.0.4'])
    expect(left.mappings).toEqual([GONE, `${GONE}-base`])
    expect(left.emptyFolders).toEqual(['0000000000000002'])
    expect(left.consoleCopies).toEqual([`${GONE}.log`])
  })

  it('are devices that no root disk and no machine of a session stands on', () => {
    const left = leftoversOf(
      {
        ...NOTHING,
        loops: [
          loop('/dev/loop0', '/var/lib/firecracker/image/a/image.ext4', true),
          loop('/dev/loop1', '/var/lib/firecracker/vm/b/overlay.dm'),
          loop('/dev/loop2', `/var/lib/vessel/vms/${alive}/work.ext4`),
          loop('/dev/loop3', `/var/lib/vessel/vms/${ended}/work.ext4`),
          loop('/dev/loop4', '/var/lib/snapd/core.snap'),
          loop('/dev/loop5', '/var/lib/firecracker-of-others/disk'),
        ],
        links: [alive, ended, 'not-a-session'],
      },
      folders,
    )
    expect(left.loops).toEqual(['/dev/loop1', '/dev/loop3'])
    expect(left.links).toEqual([ended])
  })
})
