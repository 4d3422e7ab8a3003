import { describe, expect, it } from '@jest/globals'
import { Ledger } from './ledger.ts'

const items = (...seqs: number[]) => seqs.map((seq) => ({ seq, dueUs: 0, isUrgent: false }))

describe('the ledger of a client', () => {
  it('counts each number once, however often it came', () => {
    const ledger = new Ledger()
    ledger.add(items(1, 2, 2, 3))
    expect(ledger).toMatchObject({ size: 3, doubled: 1, disordered: 0 })
  })

  it('sees a number that came after a later one', () => {
    const ledger = new Ledger()
    ledger.add(items(1, 3, 2))
    expect(ledger).toMatchObject({ size: 3, doubled: 0, disordered: 1 })
  })

  it('times what was due before the return, and nothing else', () => {
    const ledger = new Ledger()
    ledger.add(items(1))
    expect(ledger.replayUs).toHaveLength(0)
    ledger.back()
    ledger.add(items(2))
    ledger.add([{ seq: 3, dueUs: Number.MAX_SAFE_INTEGER, isUrgent: false }])
    expect(ledger.replayUs).toHaveLength(1)
  })
})
