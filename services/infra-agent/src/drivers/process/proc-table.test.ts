import { describe, expect, it } from '@jest/globals'
import { BOOT_MARK, membersOf, type ProcessRow, parseStat } from './proc-table.ts'

const row = (pid: number, overrides: Partial<ProcessRow> = {}): ProcessRow => ({
  ...{ pid, parent: 1, group: pid, session: pid, startTicks: '1', state: 'S' },
  ...{ pidNamespace: 'pid:[1]', environ: '' },
  ...overrides,
})
const marked = { environ: `A=1\0${BOOT_MARK}=b\0` }
const pids = (rows: readonly ProcessRow[]) => rows.map(({ pid }) => pid).sort((a, b) => a - b)

describe('the processes of a boot', () => {
  it('are read from a stat line whose name holds anything', () => {
    const text = '42 (a) b ( c) S 7 8 9 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 12345 0 0'
    expect(parseStat(text)).toEqual({
      ...{ state: 'S', parent: 7, group: 8, session: 9, startTicks: '12345' },
    })
  })

  it('are those marked, those below them and those in their sessions', () => {
    const table = [
      ...[row(100), row(1), row(200, marked), row(201, { parent: 200 }), row(202, { parent: 201 })],
      ...[row(203, { session: 200 }), row(300), row(301, { parent: 300 })],
    ]
    expect(pids(membersOf(table, { mark: 'b', self: 100 }))).toEqual([200, 201, 202, 203])
  })

  it('are all in a PID namespace made for them, whatever they did to hide', () => {
    const table = [
      ...[row(100), row(200, marked), row(201, { ...marked, pidNamespace: 'pid:[2]' })],
      ...[row(202, { pidNamespace: 'pid:[2]' }), row(203)],
    ]
    expect(pids(membersOf(table, { mark: 'b', self: 100 }))).toEqual([200, 201, 202])
  })

  it('never are the agent or init, and never those of another boot', () => {
    const table = [row(1), row(100, marked), row(200, { environ: `${BOOT_MARK}=bb\0` })]
    expect(membersOf(table, { mark: 'b', self: 100 })).toEqual([])
  })
})
