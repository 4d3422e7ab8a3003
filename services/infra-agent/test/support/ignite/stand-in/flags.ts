/** The flags of `ignite run` that the stand-in knows (§2.2), by their long names. */
const LONG: Readonly<Record<string, string>> = {
  '-n': '--name',
  '-s': '--size',
  '-k': '--kernel-image',
  '-v': '--volumes',
  '-f': '--copy-files',
  '-p': '--ports',
}
const KNOWN = new Set([
  ...['--name', '--cpus', '--memory', '--size', '--kernel-image', '--kernel-args', '--ports'],
  ...['--sandbox-image', '--volumes', '--copy-files', '--runtime', '--network-plugin'],
])

export interface RunFlags {
  readonly image: string
  get(name: string): string | undefined
  /** `--copy-files` may be repeated or hold a list at commas. */
  readonly copies: readonly { readonly host: string; readonly vm: string }[]
}

/** Null for what the command line library would answer with its usage, on standard error (§2.1). */
export function parseRunFlags(argv: readonly string[]): RunFlags | null {
  const values = new Map<string, string>()
  const copies: { host: string; vm: string }[] = []
  const positional: string[] = []
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? ''
    if (!word.startsWith('-')) {
      positional.push(word)
      continue
    }
    const name = LONG[word] ?? word
    if (!KNOWN.has(name)) return null
    index += 1
    const value = argv[index] ?? ''
    if (name === '--copy-files') {
      for (const part of value.split(',')) {
        const [host = '', vm = ''] = part.split(':')
        copies.push({ host, vm })
      }
    }
    // §2.2: of several `--volumes` the last one wins.
    values.set(name, value)
  }
  const [image] = positional
  if (positional.length !== 1 || image === undefined) return null
  return { image, copies, get: (name) => values.get(name) }
}

const UNITS: Readonly<Record<string, number>> = {
  '': 0,
  B: 0,
  K: 1,
  KB: 1,
  M: 2,
  MB: 2,
  G: 3,
  GB: 3,
}

/** §2.2: an integer, a unit to the base 1024 in any case; without one it is bytes. */
export function bytesOf(size: string): number | null {
  const [, digits, unit = ''] = /^(\d+)([A-Za-z]*)$/.exec(size) ?? []
  const power = UNITS[unit.toUpperCase()]
  return digits === undefined || power === undefined ? null : Number(digits) * 1024 ** power
}
