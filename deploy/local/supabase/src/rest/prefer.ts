import { notSupported } from './rest-error.ts'

export interface Preferences {
  readonly isReturned: boolean
  readonly isCounted: boolean
  readonly onDuplicate: 'fail' | 'merge' | 'ignore'
}

const KNOWN = [
  'return=representation',
  'return=minimal',
  'return=headers-only',
  'count=exact',
  'resolution=merge-duplicates',
  'resolution=ignore-duplicates',
  'missing=null',
  'handling=lenient',
]

/** Parses `Prefer`. A preference that would change the answer and is not known here is refused. */
export function parsePrefer(header: string | undefined): Preferences {
  const words = (header ?? '').split(',').map((word) => word.trim())
  for (const word of words) {
    if (word !== '' && !KNOWN.includes(word)) throw notSupported(`the preference "${word}"`)
  }
  const has = (word: string): boolean => words.includes(word)
  return {
    isReturned: has('return=representation'),
    isCounted: has('count=exact'),
    onDuplicate: has('resolution=merge-duplicates')
      ? 'merge'
      : has('resolution=ignore-duplicates')
        ? 'ignore'
        : 'fail',
  }
}
