import { describe, expect, it } from '@jest/globals'
import { shortageFor } from './capacity.ts'

const spec = { cpuCount: 2, memoryMib: 1_024, diskMib: 10_240 }
const limits = {
  cpuTotal: 2,
  cpuOvercommit: 4,
  memoryMibTotal: 4_096,
  diskMibKeepFree: 1_000,
  vmMax: 4,
}
const disk = { totalMib: 100_000, freeMib: 50_000 }
const empty = { cpu: 0, memoryMib: 0, vmCount: 0, bootsInFlight: 0 }

describe('room on a host', () => {
  it.each([
    ['is there on an empty host', empty, disk, null],
    ['ends with the memory', { ...empty, memoryMib: 3_073 }, disk, 'memory'],
    ['reaches to the last MiB', { ...empty, memoryMib: 3_072 }, disk, null],
    ['ends with the overcommitted processors', { ...empty, cpu: 7 }, disk, 'cpu'],
    ['ends with the count', { ...empty, vmCount: 4 }, disk, 'count'],
    ['ends with three boots at a time', { ...empty, bootsInFlight: 3 }, disk, 'boots'],
    ['ends with the disk', empty, { ...disk, freeMib: 2_000 }, 'disk'],
  ])('%s', (...[, usage, space, shortage]) => {
    expect(shortageFor(spec, usage, { limits, disk: space })).toBe(shortage)
  })
})
