import { quoteName } from './byte-path.ts'
import type { PackInput } from './codec.ts'
import type { TreeEntry } from './tree-entry.ts'

type Listener = Pick<PackInput, 'warn'>

export function tellGone({ warn }: Listener, { path }: TreeEntry): void {
  warn(`${quoteName(path)} vanished while it was packed and is left out`)
}

export function tellChanged({ warn }: Listener, { path }: TreeEntry): void {
  warn(`${quoteName(path)} changed while it was packed`)
}
