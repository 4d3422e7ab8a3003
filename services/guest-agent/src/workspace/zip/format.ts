/** The zip format's own numbers (APPNOTE 6.3.10), in one place for the reader and the writer. */
export const ZIP = {
  localSignature: 0x04034b50,
  centralSignature: 0x02014b50,
  endSignature: 0x06054b50,
  end64Signature: 0x06064b50,
  locator64Signature: 0x07064b50,
  descriptorSignature: 0x08074b50,

  localBytes: 30,
  centralBytes: 46,
  endBytes: 22,
  end64Bytes: 56,
  locator64Bytes: 20,

  stored: 0,
  deflated: 8,

  flagEncrypted: 0x0001,
  flagDescriptor: 0x0008,
  flagPatched: 0x0020,
  flagStrongEncryption: 0x0040,
  flagUtf8: 0x0800,
  flagMaskedHeaders: 0x2000,

  hostUnix: 3,
  hostMac: 19,
  /** A field holding this means "see the zip64 field". */
  overflow16: 0xffff,
  overflow32: 0xffffffff,
} as const

/** Ids of extra fields. */
export const EXTRA = {
  zip64: 0x0001,
  /** Info-ZIP extended timestamp: seconds in UTC, which the DOS time is not. */
  timestamp: 0x5455,
  /** Older Info-ZIP and macOS: access and modification time in UTC. */
  unixOld: 0x5855,
  /** Info-ZIP: the name in UTF-8 when the name field is in a code page. */
  unicodePath: 0x7075,
  /** Ours: the name or link is meant literally (see `TreeEntry.isLiteral`). Others skip it. */
  vesselLiteral: 0x4c56,
} as const

export const MODE = {
  typeMask: 0o170000,
  regular: 0o100000,
  directory: 0o040000,
  link: 0o120000,
  /** setuid, setgid and sticky never come out of an archive. */
  permissions: 0o777,
} as const
