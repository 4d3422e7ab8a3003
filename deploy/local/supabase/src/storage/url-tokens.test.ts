import { describe, expect, it } from '@jest/globals'
import { UrlTokens } from './url-tokens.ts'

const key = { bucket: 'b', name: 'a/b.zip' }
let nowMs = Date.parse('2026-01-01T00:00:00Z')
const tokens = new UrlTokens(Buffer.alloc(32, 1), () => nowMs)

describe('tokens in URLs', () => {
  it('grant one key, one direction and one time', async () => {
    const download = await tokens.signDownload(key, 60)
    await expect(tokens.checkDownload(download, key)).resolves.toBeUndefined()
    await expect(tokens.checkDownload(download, { ...key, name: 'a/c.zip' })).rejects.toThrow()
    await expect(tokens.openUpload(download)).rejects.toThrow('Invalid signature')
    nowMs += 61_000
    await expect(tokens.checkDownload(download, key)).rejects.toMatchObject({ code: 'InvalidJWT' })
  })

  it('carry who signed an upload and whether it may replace', async () => {
    const grant = { ...key, ownerId: 'someone', isUpsert: true }
    const upload = await tokens.signUpload(grant, 60)
    await expect(tokens.openUpload(upload)).resolves.toEqual(grant)
    await expect(tokens.checkDownload(upload, key)).rejects.toThrow('Invalid signature')
  })

  it('of another secret are worth nothing', async () => {
    const others = new UrlTokens(Buffer.alloc(32, 2), () => nowMs)
    const token = await others.signDownload(key, 60)
    await expect(tokens.checkDownload(token, key)).rejects.toThrow('Invalid signature')
    await expect(tokens.checkDownload('', key)).rejects.toThrow('Invalid signature')
  })
})
