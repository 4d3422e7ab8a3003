import { describe, expect, it } from '@jest/globals'
import { bootId, sessionId } from '@vessel/proto/ids'
import { createPaths } from '../../paths.ts'
import { machineArguments, readArguments } from './arguments.ts'
import { machineFiles } from './machine-files.ts'
import type { Connection } from './network/connection.ts'

const SESSION = sessionId.parse('11111111-1111-4111-8111-111111111111')
const BOOT = bootId.parse('22222222-2222-4222-8222-222222222222')

function argumentsWith(connection: Connection): string[] {
  return machineArguments({
    ...{ session: SESSION, bootId: BOOT, acceleration: 'tcg', connection, volume: '/v' },
    spec: { cpuCount: 1, memoryMib: 512, diskMib: 256 },
    image: {
      ...{ disk: '/disk', kernel: '/kernel', initrd: '/initrd', takesAddress: true },
      ide: { command: ['ide'], healthPath: '/' },
    },
    files: machineFiles(createPaths('/state'), SESSION),
  })
}
const after = (argv: string[], flag: string) => argv[argv.indexOf(flag) + 1]

describe('the arguments of qemu', () => {
  it('say where the guest agent of a machine with a tap answers, and all its network', () => {
    const argv = argumentsWith({
      ...{ kind: 'tap', tap: 'vsl7', address: '10.62.0.30/30', gateway: '10.62.0.29' },
      ...{ mtu: 1_400, dns: ['192.0.2.1', '192.0.2.2'] },
    })
    expect(after(argv, '-netdev')).toContain('ifname=vsl7,')
    const words = after(argv, '-append')?.split(' ').slice(-4)
    expect(words).toEqual([
      'vessel.address=10.62.0.30/30',
      'vessel.gateway=10.62.0.29',
      'vessel.mtu=1400',
      'vessel.dns=192.0.2.1,192.0.2.2',
    ])
    const name = `vessel:${SESSION}:${BOOT}`
    expect(readArguments(argv)).toEqual({ name, ip: '10.62.0.30', port: 7_080 })
  })

  it('say no name server where there is none', () => {
    const argv = argumentsWith({
      ...{ kind: 'tap', tap: 'vsl7', address: '10.62.0.30/30', gateway: '10.62.0.29' },
      ...{ mtu: 1_500, dns: [] },
    })
    expect(after(argv, '-append')).not.toContain('dns')
  })

  it('say the port on loopback of a machine without', () => {
    const argv = argumentsWith({ kind: 'user', port: 40_123, isOpen: false })
    expect(after(argv, '-netdev')).toContain('restrict=on')
    expect(after(argv, '-append')).not.toContain('vessel.')
    expect(readArguments(argv)).toMatchObject({ ip: '127.0.0.1', port: 40_123 })
  })

  it('of another qemu say nothing', () => {
    expect(readArguments(['qemu-system-x86_64', '-name', 'mine'])).toBeNull()
  })
})
