import { describe, expect, it } from '@jest/globals'
import { STEPS, type StepName } from '@vessel/proto/steps'
import { bytesInWords, stepInWords } from './step-words.ts'

const known = {
  spec: { cpuCount: 2, memoryMib: 512, diskMib: 1_024 },
  archive: null,
  git: null,
  pending: null,
}

describe('a step that is done', () => {
  it('is told with what it did and how long it took', () => {
    expect(stepInWords('volume', 48, known)).toBe('made a disk of 1024 MiB (48 ms)')
    expect(stepInWords('hydrate', 1_260, known)).toBe('made an empty workspace (1.3 s)')
  })

  it('has words whichever it is', () => {
    for (const step of Object.keys(STEPS) as StepName[]) {
      expect(stepInWords(step, 1, known)).toMatch(/^\w.+ \(1 ms\)$/)
    }
  })
})

describe('a size', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1_846, '1.85 kB'],
    [12_000_000, '12 MB'],
  ])('of %i bytes is told as %s', (bytes, words) => {
    expect(bytesInWords(bytes)).toBe(words)
  })
})
