import { createHash } from 'node:crypto'

/** The first files of a project, as one zip that was made or checked by us. */
export interface NewFiles {
  readonly content: Blob
  readonly bytes: number
  readonly sha256: string
  readonly entries: number
  readonly unpackedBytes: number
}

/** The end record of a zip, which is all that an empty one has. */
const EMPTY_ZIP = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)])

/** Of a project whose files come from elsewhere when it is opened first. */
export const NO_FILES: NewFiles = {
  content: new Blob([EMPTY_ZIP]),
  bytes: EMPTY_ZIP.length,
  sha256: createHash('sha256').update(EMPTY_ZIP).digest('hex'),
  entries: 0,
  unpackedBytes: 0,
}
