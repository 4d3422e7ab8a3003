import { VesselError } from '@vessel/proto/errors'

/** The numbers of the zip format (APPNOTE 6.3.10) that a reader of its directory needs. */
export const ZIP = {
  localSignature: 0x04034b50,
  centralSignature: 0x02014b50,
  endSignature: 0x06054b50,
  end64Signature: 0x06064b50,
  locator64Signature: 0x07064b50,

  localBytes: 30,
  centralBytes: 46,
  endBytes: 22,
  end64Bytes: 56,
  locator64Bytes: 20,

  stored: 0,
  deflated: 8,

  /** Encrypted, patched, strongly encrypted, masked: nothing we could read. */
  flagsUnreadable: 0x0001 | 0x0020 | 0x0040 | 0x2000,
  flagUtf8: 0x0800,
  hostUnix: 3,
  hostMac: 19,
  /** A field holding this means "see the zip64 field". */
  overflow32: 0xffffffff,

  extraZip64: 0x0001,
  extraUnicodePath: 0x7075,
  /** Vessel's own mark: the name is a Linux file's own, backslashes and all. */
  extraLiteral: 0x4c56,
} as const

export const MODE = {
  typeMask: 0o170000,
  regular: 0o100000,
  directory: 0o040000,
  link: 0o120000,
} as const

/** A name as the archive's own bytes, one char per byte: names need not be valid text. */
export type ByteName = string

export interface ZipEntry {
  readonly name: ByteName
  readonly kind: 'file' | 'directory' | 'link'
  readonly method: number
  readonly crc: number
  readonly bytes: number
  readonly compressedBytes: number
  readonly offset: number
  readonly rawNameBytes: number
  readonly isLiteral: boolean
}

export const corrupt = (detail: string, cause?: unknown): VesselError =>
  new VesselError('ARCHIVE_CORRUPT', { detail, cause })
export const unsupported = (detail: string): VesselError =>
  new VesselError('ARCHIVE_UNSUPPORTED', { detail })
export const unsafe = (name: ByteName, why: string): VesselError =>
  new VesselError('ARCHIVE_UNSAFE', { detail: `entry ${quoteName(name)} ${why}` })
export const tooLarge = (detail: string): VesselError =>
  new VesselError('ARCHIVE_TOO_LARGE', { detail })

/** Quoted and cut: a hostile name must not forge or flood a message. */
export function quoteName(name: ByteName): string {
  return JSON.stringify(Buffer.from(name, 'latin1').toString('utf8').slice(0, 200))
}
