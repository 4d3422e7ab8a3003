import { createCipheriv } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals'
import { endOf, startGuest, type TestGuest } from './helpers/guest.ts'
import {
  buildTar,
  buildTarZst,
  squeeze,
  squeezeUnsized,
  type TarPart,
} from './helpers/tar-builder.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const good: TarPart = { name: 'good.txt', content: 'fine' }
const lied = (part: TarPart) => buildTarZst([good, part])
const noise = createCipheriv('aes-128-ctr', Buffer.alloc(16, 1), Buffer.alloc(16)).update(
  Buffer.alloc(200_000),
)

const HOSTILE: Record<string, [expected: string, archive: () => Buffer]> = {
  'a name that climbs out': ['ARCHIVE_UNSAFE', () => lied({ name: '../evil', content: 'x' })],
  'an absolute name': ['ARCHIVE_UNSAFE', () => lied({ name: '/tmp/vessel-evil', content: 'x' })],
  'a name given twice': ['ARCHIVE_UNSAFE', () => lied({ ...good, content: 'other' })],
  'a link to an absolute path': [
    'ARCHIVE_UNSAFE',
    () => lied({ name: 'l', type: '2', target: '/etc/passwd' }),
  ],
  'a link that climbs out': [
    'ARCHIVE_UNSAFE',
    () => lied({ name: 'd/l', type: '2', target: '../../x' }),
  ],
  'a file written through a link': [
    'ARCHIVE_UNSAFE',
    () =>
      buildTarZst([
        { name: 'd/', type: '5' },
        { name: 'l', type: '2', target: 'd' },
        { name: 'l/evil', content: 'x' },
      ]),
  ],
  'a name in a pax header that climbs out': [
    'ARCHIVE_UNSAFE',
    () =>
      buildTarZst([
        { name: 'pax', type: 'x', content: '16 path=../evil\n' },
        { name: 'innocent', content: 'x' },
      ]),
  ],
  'a pax header without end': [
    'ARCHIVE_UNSAFE',
    () => buildTarZst([{ name: 'pax', type: 'x', content: Buffer.alloc(100_000, 'a') }]),
  ],
  'a damaged pax header': [
    'ARCHIVE_CORRUPT',
    () => buildTarZst([{ name: 'pax', type: 'x', content: '99 path=a\n' }, good]),
  ],
  'a hard link': ['ARCHIVE_UNSUPPORTED', () => lied({ name: 'h', type: '1', target: '/etc/x' })],
  'a device': ['ARCHIVE_UNSUPPORTED', () => lied({ name: 'sda', type: '4' })],
  'a pipe': ['ARCHIVE_UNSUPPORTED', () => lied({ name: 'p', type: '6' })],
  'a header with a wrong checksum': [
    'ARCHIVE_CORRUPT',
    () => lied({ name: 'x', content: 'x', isChecksumWrong: true }),
  ],
  'a size beyond its data': ['ARCHIVE_CORRUPT', () => lied({ name: 'x', size: 1_000_000 })],
  'a size beyond the limit': ['ARCHIVE_TOO_LARGE', () => lied({ name: 'x', size: 8 ** 11 - 1 })],
  'a bomb by ratio': [
    'ARCHIVE_TOO_LARGE',
    () => lied({ name: 'zeros', content: Buffer.alloc(80 * 1024 ** 2) }),
  ],
  'a flipped byte': [
    'ARCHIVE_CORRUPT',
    () => {
      const archive = lied({ name: 'x', content: noise })
      archive.writeUInt8(archive.readUInt8(100_000) ^ 1, 100_000)
      return archive
    },
  ],
  'a cut end': ['ARCHIVE_CORRUPT', () => lied({ name: 'x', content: noise }).subarray(0, -9_000)],
  'something else behind its frames': [
    'ARCHIVE_CORRUPT',
    () => Buffer.concat([buildTarZst([good]), Buffer.from('nothing of zstd')]),
  ],
  'a frame that unpacks to more than it says': [
    'ARCHIVE_CORRUPT',
    () => {
      const archive = lied({ name: 'x', content: Buffer.from(noise.subarray(0, 40_000)) })
      // Of the header: a single segment with a size of two bytes, of which this is the lower.
      archive.writeUInt8(archive.readUInt8(5) ^ 0xff, 5)
      return archive
    },
  ],
  'a block of a kind that does not exist': [
    'ARCHIVE_CORRUPT',
    () => {
      const archive = buildTarZst([good])
      archive.writeUInt8(archive.readUInt8(7) | 6, 7)
      return archive
    },
  ],
  'no end mark': ['ARCHIVE_CORRUPT', () => squeeze(buildTar([good]).subarray(0, -1_024))],
  'no tar in it': ['ARCHIVE_CORRUPT', () => squeeze(noise)],
  'nothing but the first bytes': ['ARCHIVE_CORRUPT', () => Buffer.from('28b52ffd', 'hex')],
}

describe('a tar in several frames', () => {
  it.each([
    ['of one size', squeeze],
    ['that do not say how large they are', squeezeUnsized],
  ])('%s is read as one, whatever stands between them', async (_, compress) => {
    const guest = await startGuest()
    try {
      const tar = buildTar([{ name: 'noise', content: noise }, good])
      const passedOver = Buffer.from('5a2a4d1803000000616263', 'hex')
      const pieces = [tar.subarray(0, 700), tar.subarray(700, 90_000), tar.subarray(90_000)]
      const frames = pieces.flatMap((piece) => [passedOver, compress(piece)])
      expect(endOf(await guest.hydrate(Buffer.concat(frames.slice(1))))).toBe('done')
      const { workspaceDir } = guest.config
      expect(readFileSync(join(workspaceDir, 'noise')).equals(noise)).toBe(true)
      expect(readFileSync(join(workspaceDir, 'good.txt'), 'utf8')).toBe('fine')
    } finally {
      await guest.stop()
    }
  })
})

describe('a tar that is not to be trusted', () => {
  let guest: TestGuest
  beforeEach(async () => {
    guest = await startGuest()
  })
  afterEach(async () => {
    const left = [readdirSync(guest.config.workspaceDir), readdirSync(guest.root).sort()]
    await guest.stop()
    expect(left).toEqual([[], ['home', 'state', 'workspace']])
  })

  it.each(Object.entries(HOSTILE))('with %s is refused and leaves nothing', async (_, row) => {
    const [expected, archive] = row
    expect(endOf(await guest.hydrate(archive()))).toBe(expected)
  })
})
