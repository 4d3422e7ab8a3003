import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { renderErrors } from '../reference/render-errors.ts'
import { renderProtocol } from '../reference/render-protocol.ts'

const docs = new URL('../../docs/', import.meta.url)

describe('the reference pages', () => {
  it.each([
    ['errors.md', renderErrors],
    ['protocol.md', renderProtocol],
  ])('%s says what the code says (else: npm run reference -w proto)', (file, render) => {
    expect(readFileSync(new URL(file, docs), 'utf8')).toBe(render())
  })
})
