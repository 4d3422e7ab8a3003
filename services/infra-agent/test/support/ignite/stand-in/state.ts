import { createHash } from 'node:crypto'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * The host that the stand-ins for `ignite`, `ctr`, `losetup` and `dmsetup` share: plain files below
 * one folder. Each behaviour, the bad ones above all, names its paragraph of docs/ignite.md.
 */
export const ROOT = process.env.VESSEL_STAND_IN_ROOT ?? ''
if (ROOT === '') throw new Error('the stand-in is started through its launcher')

export const at = (...parts: string[]): string => join(ROOT, ...parts)

export function write(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true })
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 2)
  writeFileSync(`${path}.${process.pid}`, text)
  renameSync(`${path}.${process.pid}`, path)
}

export function read<T>(path: string): T | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    // Not there, or just being removed by another tool.
    return null
  }
}

export const names = (path: string): string[] => (existsSync(path) ? readdirSync(path).sort() : [])

export const remove = (path: string): void => rmSync(path, { recursive: true, force: true })

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    // A zombie nobody waited for has ended.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** A fault that a test ordered for the next so many times. */
export function takeFault(name: string): boolean {
  const path = at('faults', name)
  const left = read<number>(path) ?? 0
  if (left > 0) write(path, left - 1)
  return left > 0
}

/** Every call with its beginning and, unless it was killed, its end: tests look for overlaps. */
export function recordCall(tool: string): void {
  const argv = process.argv.slice(2)
  const note = (what: 'begin' | 'end') => {
    const entry = { what, tool, pid: process.pid, argv, atNs: String(process.hrtime.bigint()) }
    appendFileSync(at('calls.ndjson'), `${JSON.stringify(entry)}\n`)
  }
  note('begin')
  process.once('exit', () => note('end'))
}

/** Loopback addresses of this world alone, in place of ignite's 10.61.0.0/16. */
export function addressOf(host: number): string {
  const [high = 0, low = 0] = createHash('sha256').update(ROOT).digest()
  return `127.${64 + (high % 128)}.${low}.${host}`
}
