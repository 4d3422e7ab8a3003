import { existsSync, mkdirSync, realpathSync } from 'node:fs'
import { at, names, read, remove, write } from './state.ts'

export interface Loop {
  readonly device: string
  readonly file: string
}

export const allLoops = (): Loop[] =>
  names(at('loops')).flatMap((name) => read<Loop>(at('loops', name)) ?? [])

export function attach(file: string): string {
  for (let number = 0; ; number += 1) {
    const device = at('dev', `loop${number}`)
    if (existsSync(at('loops', `loop${number}`))) continue
    write(at('loops', `loop${number}`), { device, file: realpathSync(file) })
    write(device, '')
    mkdirSync(at('sys', 'block', `loop${number}`, 'holders'), { recursive: true })
    return device
  }
}

const nameOf = (device: string): string => device.slice(device.lastIndexOf('/') + 1)

export function detach(device: string): void {
  remove(at('loops', nameOf(device)))
  remove(at('sys', 'block', nameOf(device)))
  remove(device)
}

/** A device-mapper device keeps the loop device below it in use. */
export const hold = (device: string, holder: string): void =>
  write(at('sys', 'block', nameOf(device), 'holders', holder), '')

export interface Mapping {
  readonly name: string
  readonly over: readonly string[]
}

export function map(name: string, over: readonly string[]): void {
  write(at('mappings', name), { name, over })
  for (const device of over) hold(device, name)
}

export function unmap(name: string): void {
  for (const device of read<Mapping>(at('mappings', name))?.over ?? []) {
    remove(at('sys', 'block', nameOf(device), 'holders', name))
  }
  remove(at('mappings', name))
}
