import { describe, expect, it } from '@jest/globals'
import { closingAfter } from './closing.ts'

const failing = (text: string) => () => Promise.reject(new Error(text))

describe('closingAfter', () => {
  it('closes after the body and gives what the body gave', async () => {
    const order: string[] = []
    const body = async () => order.push('body')
    expect(await closingAfter(body, async () => order.push('closed'))).toBe(1)
    expect(order).toEqual(['body', 'closed'])
  })

  it('closes after a body that failed, and throws what it threw', async () => {
    let isClosed = false
    const close = async () => {
      isClosed = true
    }
    await expect(closingAfter(failing('the body'), close)).rejects.toThrow(/^the body$/)
    expect(isClosed).toBe(true)
  })

  it('throws what closing threw when the body was done', async () => {
    const closed = closingAfter(async () => 1, failing('the closing'))
    await expect(closed).rejects.toThrow(/^the closing$/)
  })

  it('tells of both, the body first, when both failed', async () => {
    const failed = closingAfter(failing('the body'), failing('the closing'))
    await expect(failed).rejects.toMatchObject({
      message: expect.stringMatching(/^Error: the body\n/),
      errors: [new Error('the body'), new Error('the closing')],
    })
  })
})
