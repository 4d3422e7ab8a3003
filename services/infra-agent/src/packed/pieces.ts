/** So many bytes of a file. What is packed is a row of them: what a save left as it was, stays. */
export interface Piece {
  readonly file: string
  readonly from: number
  readonly bytes: number
}

export function bytesOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { bytes }) => sum + bytes, 0)
}

export function filesOf(pieces: readonly Piece[]): ReadonlySet<string> {
  return new Set(pieces.map(({ file }) => file))
}

/** A row of pieces that grows at its end. */
export class Row {
  readonly #pieces: Piece[] = []
  #bytes = 0

  get pieces(): readonly Piece[] {
    return this.#pieces
  }

  get bytes(): number {
    return this.#bytes
  }

  /** What goes on where the row ends makes its last piece longer. */
  add(piece: Piece): void {
    if (piece.bytes === 0) return
    this.#bytes += piece.bytes
    const last = this.#pieces.at(-1)
    if (last?.file === piece.file && last.from + last.bytes === piece.from) {
      this.#pieces[this.#pieces.length - 1] = { ...last, bytes: last.bytes + piece.bytes }
    } else this.#pieces.push(piece)
  }
}

/** Finds parts of a row. Asked for one part after the other it does not begin anew each time. */
export class Finder {
  readonly #pieces: readonly Piece[]
  #index = 0
  #start = 0

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces
  }

  /** The pieces that hold the bytes from `offset`; fewer bytes only where the row ends. */
  find(offset: number, bytes: number): readonly Piece[] {
    if (offset < this.#start) {
      this.#index = 0
      this.#start = 0
    }
    const found: Piece[] = []
    let at = offset
    const end = offset + bytes
    for (let piece = this.#piece; piece && at < end; piece = this.#piece) {
      const pieceEnd = this.#start + piece.bytes
      if (at < pieceEnd) {
        const taken = Math.min(end, pieceEnd) - at
        found.push({ file: piece.file, from: piece.from + at - this.#start, bytes: taken })
        at += taken
      }
      if (end < pieceEnd) break
      this.#index += 1
      this.#start = pieceEnd
    }
    return found
  }

  get #piece(): Piece | undefined {
    return this.#pieces[this.#index]
  }
}
