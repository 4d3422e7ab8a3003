import { describe, expect, it } from '@jest/globals'
import { environmentText, parseEnvironment, parseIgnore } from './settings-text.ts'

describe('settings as text', () => {
  it('reads variables line by line, with = in the value and empty values', () => {
    const read = parseEnvironment('A=1\n\nURL=http://x?a=b\nEMPTY=')
    expect(read).toEqual({ ok: true, value: { A: '1', URL: 'http://x?a=b', EMPTY: '' } })
  })

  it('writes what it reads', () => {
    const text = 'A=1\nB=two words'
    const read = parseEnvironment(text)
    expect(read.ok && environmentText(read.value)).toBe(text)
  })

  it.each([
    ['A=1\nnonsense', 'Line 2: write NAME=value.'],
    ['1A=x', 'Line 1: a name is letters, digits and _.'],
    ['A=1\nA=2', 'Line 2: A is there twice.'],
  ])('says which line of %j is wrong', (text, problem) => {
    expect(parseEnvironment(text)).toEqual({ ok: false, problem })
  })

  it('takes ignore patterns as they are, without empty lines', () => {
    expect(parseIgnore(' dist/ \n\n*.log\n')).toEqual(['dist/', '*.log'])
  })
})
