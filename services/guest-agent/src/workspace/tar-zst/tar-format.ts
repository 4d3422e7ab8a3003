/** POSIX ustar with pax extended headers (IEEE 1003.1-2017, pax): what tar and we both read. */
export const TAR = {
  blockBytes: 512,
  nameAt: 0,
  nameBytes: 100,
  modeAt: 100,
  uidAt: 108,
  gidAt: 116,
  sizeAt: 124,
  sizeDigits: 11,
  mtimeAt: 136,
  checksumAt: 148,
  typeAt: 156,
  linkAt: 157,
  linkBytes: 100,
  magicAt: 257,
  prefixAt: 345,
  prefixBytes: 155,
} as const

export const TAR_TYPE = {
  file: '0',
  fileOld: '\0',
  link: '2',
  directory: '5',
  pax: 'x',
  paxGlobal: 'g',
  gnuLongName: 'L',
  gnuLongLink: 'K',
} as const

/** Ours: the name or link is meant literally (see `TreeEntry.isLiteral`). Others skip it. */
export const PAX_LITERAL = 'VESSEL.literal'

/** A pax header of ours is a few hundred bytes and a name at most 4,096: more is an attack. */
export const PAX_BYTES_MAX = 64 * 1024

export function paddingOf(bytes: number): number {
  return (TAR.blockBytes - (bytes % TAR.blockBytes)) % TAR.blockBytes
}

/** The sum of all bytes of a header, its own field counted as spaces. */
export function checksumOf(block: Buffer): number {
  let sum = 8 * 0x20
  // Counted by hand: there are three blocks to a file, and an iterator takes longer than the disk.
  for (let at = 0; at < TAR.checksumAt; at += 1) sum += block[at] as number
  for (let at = TAR.checksumAt + 8; at < TAR.blockBytes; at += 1) sum += block[at] as number
  return sum
}
