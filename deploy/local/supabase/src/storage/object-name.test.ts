import { describe, expect, it } from '@jest/globals'
import { checkBucketName, checkObjectName } from './object-name.ts'

describe('names', () => {
  it.each(['a', 'a/b/1-1-ab.zip', "it's (a) test!", '..', 'a/../b'])(
    'allow %s as a key',
    (name) => {
      expect(checkObjectName(name)).toBe(name)
    },
  )

  it.each(['', '/a', 'a/', 'ü', 'a\\b', 'a\nb', 'a\0b', 'a#b', 'a%b', 'x'.repeat(1_025)])(
    'refuse %j as a key',
    (name) => {
      expect(() => checkObjectName(name)).toThrow(expect.objectContaining({ code: 'InvalidKey' }))
    },
  )

  it.each(['', 'a/b', 'ü', 'x'.repeat(101)])('refuse %j as a bucket', (name) => {
    expect(() => checkBucketName(name)).toThrow('Bucket name invalid')
  })
})
