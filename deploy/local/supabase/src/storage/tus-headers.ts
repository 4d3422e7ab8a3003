import { storageErrors } from './storage-error.ts'

export const TUS_VERSION = '1.0.0'
export const TUS_EXTENSIONS = 'creation,creation-with-upload,termination,expiration'

/** Parses `Upload-Metadata`: names with their values in base64, separated by commas. */
export function parseUploadMetadata(header: string | undefined): ReadonlyMap<string, string> {
  const entries = (header ?? '').split(',').flatMap((pair): [string, string][] => {
    const [name = '', value = ''] = pair.trim().split(/\s+/)
    return name === '' ? [] : [[name, Buffer.from(value, 'base64').toString('utf8')]]
  })
  return new Map(entries)
}

/** A count of bytes in a header. `-1`, a fraction or a word is the client's mistake. */
export function parseByteCount(name: string, header: string | string[] | undefined): number {
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) {
    throw storageErrors.invalid(`${name} must be a whole number of bytes`)
  }
  return Number(header)
}
