import { describe, expect, it } from '@jest/globals'
import { checkNames } from './check-names.ts'
import type { ZipEntry } from './format.ts'

const entry = (name: string, more: Partial<ZipEntry> = {}): ZipEntry => ({
  ...{ name, kind: 'file', method: 0, crc: 0, bytes: 0, compressedBytes: 0, offset: 0 },
  ...{ rawNameBytes: name.length, isLiteral: false },
  ...more,
})
const unsafe = { code: 'ARCHIVE_UNSAFE' }
const check = (entries: readonly ZipEntry[]) => checkNames(entries, () => undefined)

describe('names of an archive', () => {
  it('have one form, and the folder itself is no entry', async () => {
    const entries = [
      entry('./', { kind: 'directory' }),
      entry('./a/b'),
      entry('c/', { kind: 'directory' }),
    ]
    expect([...(await check(entries)).keys()]).toEqual(['a/b', 'c'])
  })

  it('may have a backslash only where the entry is marked as meaning it', async () => {
    await expect(check([entry('a\\b')])).rejects.toMatchObject(unsafe)
    expect((await check([entry('a\\b', { isLiteral: true })])).size).toBe(1)
  })

  it('marked as literal may still not climb out', async () => {
    await expect(check([entry('../a', { isLiteral: true })])).rejects.toMatchObject(unsafe)
  })

  it('that differ only in how they are written are the same', async () => {
    await expect(check([entry('a'), entry('a/', { kind: 'directory' })])).rejects.toMatchObject(
      unsafe,
    )
  })

  it('that imply very many folders are refused', async () => {
    const parts = Array(120).fill('d').join('/')
    const entries = Array.from({ length: 2_000 }, (_, index) => entry(`${index}/${parts}/f`))
    await expect(check(entries)).rejects.toMatchObject({ code: 'ARCHIVE_TOO_LARGE' })
  })
})
