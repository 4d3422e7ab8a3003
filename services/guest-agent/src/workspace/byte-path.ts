import { isUtf8 as isUtf8Bytes } from 'node:buffer'

/**
 * A path below the workspace as the file system's own bytes, one char per byte (latin1).
 *
 * Linux names are bytes, not text. Decoding them as UTF-8 would rename a file whose name is not
 * valid UTF-8, so names stay bytes from the disk to the archive and back, and are decoded only
 * where a person or an ignore pattern reads them.
 */
export type BytePath = string

/** Nearly every name is ASCII, where bytes and text are the same and need no copy. */
const BEYOND_ASCII = /[\u0080-\uffff]/

/** The path as Node's file functions want it. An empty path is the root itself. */
export function toFsPath(root: string, path: BytePath): string | Buffer {
  if (path === '') return root
  if (!BEYOND_ASCII.test(path)) return `${root}/${path}`
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
}

export function toBytes(path: BytePath): Buffer {
  return Buffer.from(path, 'latin1')
}

export function fromBytes(bytes: Uint8Array): BytePath {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

export function fromText(text: string): BytePath {
  return Buffer.from(text, 'utf8').toString('latin1')
}

export function toText(path: BytePath): string {
  return BEYOND_ASCII.test(path) ? toBytes(path).toString('utf8') : path
}

/** Quoted and cut, so that a hostile name cannot forge or flood a log line. */
export function quoteName(path: BytePath): string {
  return JSON.stringify(toText(path).slice(0, 200))
}

export function parentOf(path: BytePath): BytePath {
  const slash = path.lastIndexOf('/')
  return slash < 0 ? '' : path.slice(0, slash)
}

export function isUtf8(path: BytePath): boolean {
  return !BEYOND_ASCII.test(path) || isUtf8Bytes(toBytes(path))
}
