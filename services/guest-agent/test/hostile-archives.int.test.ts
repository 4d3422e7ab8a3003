import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { deflateRawSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals'
import { endOf, startGuest, type TestGuest } from './helpers/guest.ts'
import { buildZip, FILE, FOLDER, flipByteIn, LINK, type ZipPart } from './helpers/zip-builder.ts'

/** Real files and processes on a machine that others use, too. */
jest.setTimeout(60_000)

const good: ZipPart = { name: 'good.txt', content: 'fine' }
const TEXT = 'some text that is long enough to be deflated, some text that is long'
const bomb = Buffer.alloc(80 * 1024 ** 2)

const lied = (part: ZipPart) => buildZip([good, part])

const HOSTILE: Record<string, [expected: string, archive: () => Buffer]> = {
  'a name that climbs out': ['ARCHIVE_UNSAFE', () => lied({ name: '../evil', content: 'x' })],
  'a name that climbs out later': ['ARCHIVE_UNSAFE', () => lied({ name: 'a/../../evil' })],
  'a name of two dots only': ['ARCHIVE_UNSAFE', () => lied({ name: '..' })],
  'an absolute name': ['ARCHIVE_UNSAFE', () => lied({ name: '/tmp/vessel-evil', content: 'x' })],
  'a backslash in a name': ['ARCHIVE_UNSAFE', () => lied({ name: '..\\evil', content: 'x' })],
  'a drive letter': ['ARCHIVE_UNSAFE', () => lied({ name: 'C:/evil', content: 'x' })],
  'a NUL in a name': ['ARCHIVE_UNSAFE', () => lied({ name: 'a\0b', content: 'x' })],
  'an empty name': ['ARCHIVE_UNSAFE', () => lied({ name: '', content: 'x' })],
  'an empty part in a name': ['ARCHIVE_UNSAFE', () => lied({ name: 'a//b', content: 'x' })],
  'a name that is too long': [
    'ARCHIVE_UNSAFE',
    () => lied({ name: 'a/'.repeat(2_050), mode: FOLDER }),
  ],
  'a part of a name that is too long': ['ARCHIVE_UNSAFE', () => lied({ name: 'a'.repeat(256) })],
  'a tree that is too deep': [
    'ARCHIVE_UNSAFE',
    () => lied({ name: 'a/'.repeat(129), mode: FOLDER }),
  ],
  'a name given twice': ['ARCHIVE_UNSAFE', () => buildZip([good, { ...good, content: 'other' }])],
  'a file and a folder of one name': [
    'ARCHIVE_UNSAFE',
    () => buildZip([good, { name: 'good.txt/', mode: FOLDER }]),
  ],
  'a file inside a file': ['ARCHIVE_UNSAFE', () => lied({ name: 'good.txt/x', content: 'x' })],
  'a link to an absolute path': [
    'ARCHIVE_UNSAFE',
    () => lied({ name: 'link', content: '/etc/passwd', mode: LINK }),
  ],
  'a link that climbs out': [
    'ARCHIVE_UNSAFE',
    () => lied({ name: 'a/link', content: '../../etc', mode: LINK }),
  ],
  'a link that climbs out through another link': [
    'ARCHIVE_UNSAFE',
    () =>
      buildZip([
        { name: 'here', content: '.', mode: LINK },
        { name: 'out', content: 'here/../x', mode: LINK },
      ]),
  ],
  'a file written through a link': [
    'ARCHIVE_UNSAFE',
    () =>
      buildZip([
        { name: 'sub/', mode: FOLDER },
        { name: 'd', content: 'sub', mode: LINK },
        { name: 'd/evil', content: 'x' },
      ]),
  ],
  'a file that replaces a link': [
    'ARCHIVE_UNSAFE',
    () =>
      buildZip([
        { name: 'd', content: 'good.txt', mode: LINK },
        { name: 'd', content: 'x' },
      ]),
  ],
  'a link without a target': ['ARCHIVE_UNSAFE', () => lied({ name: 'l', mode: LINK })],
  'a bomb by ratio': [
    'ARCHIVE_TOO_LARGE',
    () => lied({ name: 'bomb', content: bomb, isDeflated: true }),
  ],
  'a size beyond the limit': [
    'ARCHIVE_TOO_LARGE',
    () => lied({ name: 'vast', content: TEXT, isDeflated: true, extra: zip64(30 * 1024 ** 3) }),
  ],
  'data shared by two entries': [
    'ARCHIVE_CORRUPT',
    () =>
      buildZip([
        { name: 'one', content: TEXT },
        { name: 'two', content: TEXT, offset: 0 },
      ]),
  ],
  'a size smaller than the data': [
    'ARCHIVE_CORRUPT',
    () => lied({ name: 'x', content: TEXT, isDeflated: true, size: 10 }),
  ],
  'a size larger than the data': [
    'ARCHIVE_CORRUPT',
    () => lied({ name: 'x', content: TEXT, isDeflated: true, size: 1_000 }),
  ],
  'a large entry that unpacks to more than it says': [
    'ARCHIVE_CORRUPT',
    () => lied({ name: 'x', content: bomb, isDeflated: true, size: 2 * 1024 ** 2 }),
  ],
  'a stored entry of two sizes': [
    'ARCHIVE_CORRUPT',
    () => lied({ name: 'x', content: TEXT, size: TEXT.length + 1 }),
  ],
  'a flipped byte in stored data': [
    'ARCHIVE_CORRUPT',
    () => flipByteIn(lied({ name: 'x', content: TEXT }), 'text that'),
  ],
  'a flipped byte in deflated data': [
    'ARCHIVE_CORRUPT',
    () => {
      const archive = lied({ name: 'x', content: TEXT, isDeflated: true })
      return flipByteIn(archive, deflateRawSync(Buffer.from(TEXT)).subarray(12, 20))
    },
  ],
  'a flipped byte in a large deflated file': [
    'ARCHIVE_CORRUPT',
    () => {
      const content = Buffer.alloc(4 * 1024 ** 2, 'a rather regular text ')
      const archive = lied({ name: 'x', content, isDeflated: true })
      return flipByteIn(archive, deflateRawSync(content).subarray(600, 620))
    },
  ],
  'a wrong checksum': ['ARCHIVE_CORRUPT', () => lied({ name: 'x', content: TEXT, crc: 1 })],
  'an encrypted entry': [
    'ARCHIVE_UNSUPPORTED',
    () => lied({ name: 'x', content: TEXT, flags: 0x0801 }),
  ],
  'an unknown compression': ['ARCHIVE_UNSUPPORTED', () => lied({ name: 'x', method: 12 })],
  'a device': ['ARCHIVE_UNSUPPORTED', () => lied({ name: 'sda', mode: 0o060644 })],
  'a pipe': ['ARCHIVE_UNSUPPORTED', () => lied({ name: 'fifo', mode: 0o010644 })],
  'a cut end': ['ARCHIVE_CORRUPT', () => lied({ name: 'x', content: TEXT }).subarray(0, -30)],
  'a cut beginning': ['ARCHIVE_CORRUPT', () => lied({ name: 'x', content: TEXT }).subarray(7)],
  'an end that was joined to another': [
    'ARCHIVE_CORRUPT',
    () => Buffer.concat([Buffer.from('front'), lied({ name: 'x', content: TEXT })]),
  ],
  'no zip at all': ['ARCHIVE_CORRUPT', () => Buffer.from('GIF89a, honestly')],
  'a damaged directory': [
    'ARCHIVE_CORRUPT',
    () => flipByteIn(lied({ name: 'x', content: TEXT }), Buffer.from('PK\u0001\u0002')),
  ],
  'a damaged local header': [
    'ARCHIVE_CORRUPT',
    () => flipByteIn(lied({ name: 'x', content: TEXT }), Buffer.from('PK\u0003\u0004')),
  ],
}

/** A zip64 field; the plain size has to say "look there". */
function zip64(size: number): Buffer {
  const field = Buffer.alloc(12)
  field.writeUInt16LE(1, 0)
  field.writeUInt16LE(8, 2)
  field.writeBigUInt64LE(BigInt(size), 4)
  return field
}

describe('an archive that is not to be trusted', () => {
  let guest: TestGuest
  beforeAll(async () => {
    guest = await startGuest()
  })
  afterAll(() => guest.stop())
  afterEach(() => {
    expect(readdirSync(guest.config.workspaceDir)).toEqual([])
    expect(readdirSync(guest.root).sort()).toEqual(['home', 'state', 'workspace'])
    expect(existsSync(join(guest.config.stateDir, 'upload.archive'))).toBe(false)
    expect(existsSync('/tmp/vessel-evil')).toBe(false)
  })

  it.each(Object.entries(HOSTILE))('with %s is refused and leaves nothing', async (name, row) => {
    const [expected, archive] = row
    const isVast = name === 'a size beyond the limit'
    const bytes = isVast ? widen(archive()) : archive()

    const lines = await guest.hydrate(bytes)

    expect(endOf(lines)).toBe(expected)
    expect((await guest.health()).workspace).toBe('failed')
    expect((await guest.pack()).status).toBe(409)
  })

  it('is named in the refusal, quoted', async () => {
    const lines = await guest.hydrate(lied({ name: '../"evil"\n', content: 'x' }))
    const last = lines.at(-1)
    expect(last?.type === 'error' && last.error.message).toContain('"../\\"evil\\"\\n"')
  })

  it('does not keep a good one from being unpacked afterwards', async () => {
    const other = await startGuest()
    await other.hydrate(lied({ name: '../evil' }))
    expect(endOf(await other.hydrate(buildZip([good, { name: 's', mode: FILE }])))).toBe('done')
    expect(readdirSync(other.config.workspaceDir).sort()).toEqual(['good.txt', 's'])
    await other.stop()
  })
})

/** Sets the plain size of the last directory record to "see the zip64 field". */
function widen(archive: Buffer): Buffer {
  const copy = Buffer.from(archive)
  const at = copy.lastIndexOf(Buffer.from('PK\u0001\u0002'))
  copy.writeUInt32LE(0xffffffff, at + 24)
  return copy
}
