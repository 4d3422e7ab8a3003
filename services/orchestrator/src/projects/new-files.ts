/** The first files of a project, as one zip that was made or checked by us. */
export interface NewFiles {
  readonly content: Blob
  readonly bytes: number
  readonly sha256: string
  readonly entries: number
  readonly unpackedBytes: number
}
