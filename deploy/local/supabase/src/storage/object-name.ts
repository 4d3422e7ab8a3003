import { storageErrors } from './storage-error.ts'

const NAME_LENGTH_MAX = 1_024
/** The characters Supabase allows in a key. A name never becomes a path on our disk. */
const NAME_PATTERN = /^[\w/!\-.*'() &$@=;:+,?]+$/
const BUCKET_PATTERN = /^[\w!\-.*'() &$@=;:+,?]+$/

export function checkObjectName(name: string): string {
  const isFine = name.length > 0 && name.length <= NAME_LENGTH_MAX && NAME_PATTERN.test(name)
  if (!isFine || name.startsWith('/') || name.endsWith('/')) throw storageErrors.invalidKey(name)
  return name
}

export function checkBucketName(name: string): string {
  if (name.length > 100 || !BUCKET_PATTERN.test(name)) {
    throw storageErrors.invalid('Bucket name invalid')
  }
  return name
}
