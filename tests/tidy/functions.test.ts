import { describe, expect, it } from '@jest/globals'
import { functionsOf } from './functions.ts'

const source = `// A comment with an é first.
export function long(a: number, b: number, c: number, d: number) {
  const inner = (x: number) => x
  return inner(a + b + c + d)
}

class Store {
  #read(key: string) {
    return key
  }
}
`

describe('functionsOf', () => {
  it('finds functions, arrows and methods with their line, length and parameters', () => {
    const found = functionsOf({ path: 'a.ts', text: source })
    expect(found).toEqual([
      { line: 2, lineCount: 4, parameterCount: 4 },
      { line: 3, lineCount: 1, parameterCount: 1 },
      { line: 8, lineCount: 3, parameterCount: 1 },
    ])
  })

  it('counts the same in the second file of a run as in the first', () => {
    const first = functionsOf({ path: 'a.ts', text: source })
    expect(functionsOf({ path: 'b.ts', text: source })).toEqual(first)
  })
})
