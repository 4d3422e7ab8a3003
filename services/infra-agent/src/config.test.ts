import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { CONFIG_KEYS, readConfig } from './config.ts'

const EXAMPLE_FILE = join(import.meta.dirname, '../infra-agent.env.example')

function readExample(): Record<string, { value: string; isDefault: boolean }> {
  const found: Record<string, { value: string; isDefault: boolean }> = {}
  for (const line of readFileSync(EXAMPLE_FILE, 'utf8').split('\n')) {
    const match = /^(# )?([A-Z][A-Z0-9_]+)=(.*)$/.exec(line)
    if (match) found[match[2] ?? ''] = { value: match[3] ?? '', isDefault: match[1] !== undefined }
  }
  return found
}

describe('config', () => {
  it('documents exactly the variables it reads', () => {
    expect(Object.keys(readExample()).sort()).toEqual([...CONFIG_KEYS].sort())
  })

  it('shows its real defaults in the example', () => {
    const example = Object.entries(readExample())
    const required = example.filter(([, entry]) => !entry.isDefault)
    const all = example.map(([key, entry]) => [key, entry.value])
    const withDefaults = readConfig(
      Object.fromEntries(required.map(([key, entry]) => [key, entry.value])),
    )
    expect(readConfig(Object.fromEntries(all))).toEqual(withDefaults)
  })

  it('reports every faulty variable at once', () => {
    const read = () => readConfig({ HOST_ID: 'Not Valid', STATE_DIR: 'relative' })
    expect(read).toThrow(/HOST_ID[\s\S]*STATE_DIR[\s\S]*ROUTES_DIR[\s\S]*GUEST_COMMAND/)
  })

  it.each([
    ['without its tag', 'vessel-golden'],
    ['with a digest', 'vessel-golden:1@sha256:0'],
    ['that is a flag', '--privileged:1'],
  ])('refuses the name of an image %s', (_what, name) => {
    const all = Object.entries(readExample()).map(([key, entry]) => [key, entry.value])
    const images = { IGNITE_IMAGE: name, IGNITE_KERNEL_IMAGE: 'kernel:5.10' }
    const read = (more: object) =>
      readConfig({ ...Object.fromEntries(all), DRIVER: 'ignite', ...images, ...more })
    expect(() => read({})).toThrow(/IGNITE_IMAGE/)
    expect(read({ IGNITE_IMAGE: 'host:5000/of/vessel-golden:1' }).IGNITE_ROOT_GIB).toBe(10)
  })

  describe('of the network of machines', () => {
    const all = Object.entries(readExample()).map(([key, entry]) => [key, entry.value])
    const read = (more: object) => readConfig({ ...Object.fromEntries(all), ...more })

    it('takes the name servers of the host, some of its own or none', () => {
      expect(read({ QEMU_DNS: 'host' }).QEMU_DNS).toBeNull()
      expect(read({ QEMU_DNS: 'none' }).QEMU_DNS).toEqual([])
      expect(read({ QEMU_DNS: '192.0.2.1, 192.0.2.2' }).QEMU_DNS).toEqual([
        '192.0.2.1',
        '192.0.2.2',
      ])
      expect(() => read({ QEMU_DNS: 'dns.example' })).toThrow(/QEMU_DNS/)
    })

    it('refuses networks that are none, and a range without room for machines', () => {
      expect(read({ QEMU_DENIED_NETWORKS: '' }).QEMU_DENIED_NETWORKS).toEqual([])
      expect(() => read({ QEMU_ALLOWED_NETWORKS: '10.1.2.3/8' })).toThrow(/QEMU_ALLOWED_NETWORKS/)
      expect(() => read({ QEMU_TAP_RANGE: '10.62.0.0/31' })).toThrow(/prefix from 8 to 30/)
    })
  })

  it('refuses to listen where other machines could reach it', () => {
    const all = Object.entries(readExample()).map(([key, entry]) => [key, entry.value])
    const read = () => readConfig({ ...Object.fromEntries(all), LISTEN_HOST: '0.0.0.0' })
    expect(read).toThrow(/LISTEN_HOST/)
  })
})
