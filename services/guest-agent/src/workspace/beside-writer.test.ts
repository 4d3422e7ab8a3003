import type { FileHandle } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { BesideWriter } from './beside-writer.ts'

const MIB = 1024 * 1024
const full = new Error('ENOSPC')

/** A disk that takes a write only when it is told to. */
function createDisk() {
  const written: Buffer[] = []
  const waiting: PromiseWithResolvers<void>[] = []
  const writeFile = async (data: Buffer) => {
    const turn = Promise.withResolvers<void>()
    waiting.push(turn)
    await turn.promise
    // Its memory is given back afterwards.
    written.push(Buffer.from(data))
  }
  const file = { writeFile } as unknown as FileHandle
  return { file, written, waiting, content: () => Buffer.concat(written).toString() }
}

describe('a writer beside what is received', () => {
  it('joins small pieces and keeps their order', async () => {
    const { file, waiting, content } = createDisk()
    const writer = new BesideWriter(file)
    for (const piece of ['one ', 'two ', 'three']) await writer.write(Buffer.from(piece))
    const finished = writer.finish()
    await new Promise(setImmediate)
    expect(waiting).toHaveLength(1)
    waiting[0]?.resolve()
    await finished
    expect(content()).toBe('one two three')
  })

  it('takes the next piece while one is written, and no more than that', async () => {
    const { file, waiting } = createDisk()
    const writer = new BesideWriter(file)
    await writer.write(Buffer.alloc(MIB, 'a'))
    let isTaken = false
    const second = writer.write(Buffer.alloc(MIB, 'b')).then(() => {
      isTaken = true
    })
    await new Promise(setImmediate)
    expect([waiting.length, isTaken]).toEqual([1, false])
    waiting[0]?.resolve()
    await second
    waiting[1]?.resolve()
    await writer.abandon()
  })

  it('tells a write that failed by the next call, and not when it is given up', async () => {
    const { file, waiting } = createDisk()
    const writer = new BesideWriter(file)
    await writer.write(Buffer.alloc(MIB))
    waiting[0]?.reject(full)
    await expect(writer.finish()).rejects.toBe(full)
    await expect(writer.abandon()).resolves.toBeUndefined()
  })
})
