import { crc32 } from 'node:zlib'
import { describe, expect, it } from '@jest/globals'
import { fromCodePage } from './code-page.ts'
import { fromDosTime, toDosTime } from './dos-time.ts'
import { literalField, readExtraFields, timestampField, zip64Field } from './extra-fields.ts'

const NAME = Buffer.from('name')

describe('the extra fields of a zip', () => {
  it('carry UTC seconds, also before 1970 and at the end of 32 bits', () => {
    const through = (ms: number) => readExtraFields(timestampField(ms), NAME).mtimeMs
    expect(through(1_600_000_000_999)).toBe(1_600_000_000_000)
    expect(through(-5_000)).toBe(-5_000)
    expect(through(9e12)).toBe(0x7fffffff * 1_000)
  })

  it('are read one after the other, unknown ones skipped, a cut tail ignored', () => {
    const unknown = Buffer.from([0x99, 0x99, 2, 0, 1, 2])
    const all = Buffer.concat([unknown, literalField(), zip64Field([1, 2 ** 40]), unknown])
    expect(readExtraFields(all.subarray(0, -1), NAME)).toMatchObject({
      ...{ isLiteral: true, zip64: [1, 2 ** 40], mtimeMs: undefined },
    })
  })

  it('may give the name in UTF-8, valid only for the name it was made for', () => {
    const field = (crc: number) => {
      const data = Buffer.concat([Buffer.from([0x75, 0x70, 9, 0, 1]), Buffer.alloc(4)])
      data.writeUInt32LE(crc, 5)
      return Buffer.concat([data, Buffer.from('utf8')])
    }
    expect(readExtraFields(field(crc32(NAME)), NAME).unicodeName?.toString()).toBe('utf8')
    expect(readExtraFields(field(1), NAME).unicodeName).toBeUndefined()
  })
})

describe('the time of DOS', () => {
  it('goes there and back in steps of two seconds', () => {
    const at = Date.UTC(2026, 10, 20, 22, 30, 58)
    const { date, time } = toDosTime(at)
    expect(fromDosTime(date, time)).toBe(at)
  })

  it('has a first and a last day', () => {
    const { date, time } = toDosTime(0)
    expect(fromDosTime(date, time)).toBe(Date.UTC(1980, 0, 1))
    expect(toDosTime(Date.UTC(3000, 0, 1)).date).toBe(toDosTime(Date.UTC(2107, 11, 31)).date)
    expect(fromDosTime(0, 0)).toBe(Date.UTC(1980, 0, 1))
  })
})

describe('code page 437', () => {
  it('gives umlauts, and is not used for what is UTF-8 already', () => {
    expect(fromCodePage('\x81ber')).toBe('\xc3\xbcber')
    expect(fromCodePage('\xc3\xbcber')).toBe('\xc3\xbcber')
    expect(fromCodePage('\xff')).toBe('\xc2\xa0')
  })
})
