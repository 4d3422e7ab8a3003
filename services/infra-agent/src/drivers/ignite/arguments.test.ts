import { describe, expect, it } from '@jest/globals'
import { processorsOf, runArguments } from './arguments.ts'

const MACHINE = {
  name: 'vessel.h1.s.b',
  spec: { cpuCount: 3, memoryMib: 1_024, diskMib: 10_240 },
  images: { image: 'vessel-golden:1', kernel: 'vessel-kernel:1', sandbox: null },
  rootGib: 10,
  volumeLink: '/dev/vessel/s',
  guestConfig: '/var/lib/vessel/vms/s/guest.json',
}
const after = (args: readonly string[], flag: string) => args[args.indexOf(flag) + 1]

describe('the arguments of run', () => {
  const args = runArguments(MACHINE)

  it('give memory and disk with their units, because a bare number is bytes', () => {
    expect(after(args, '--memory')).toBe('1024MB')
    expect(after(args, '--size')).toBe('10GB')
  })

  it('keep the address and leave out the console that nobody reads', () => {
    const line = after(args, '--kernel-args') ?? ''
    expect(line.split(' ')).toEqual(expect.arrayContaining(['ip=dhcp', '8250.nr_uarts=0']))
    expect(line).not.toContain('console=')
  })

  it('publish no port and ask for no shell', () => {
    for (const flag of ['-p', '--ports', '--ssh', '-i', '-d']) expect(args).not.toContain(flag)
  })

  it('hand over one volume by its stable name', () => {
    expect(args.filter((word) => word === '--volumes' || word === '-v')).toHaveLength(1)
    expect(after(args, '--volumes')).toBe('/dev/vessel/s:/home/workspace')
  })

  it('refuse a path that ignite would read as two', () => {
    expect(() => runArguments({ ...MACHINE, guestConfig: '/var/a,b/guest.json' })).toThrow(/comma/)
  })

  it('ask for one processor or an even number, never for fewer than were promised', () => {
    expect([1, 2, 3, 4, 31, 32].map(processorsOf)).toEqual([1, 2, 4, 4, 32, 32])
  })
})
