import { release } from '../release.ts'

/** Of a file's headers, as a rule; more only makes the memory grow once. */
const HEADERS_BYTES = 2048

/** Memory in which a piece of a tar is put together, given back as soon as it is compressed. */
export class FrameBuffer {
  #memory: Buffer
  #bytes = 0

  constructor(entries: number, contentBytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(contentBytes + entries * HEADERS_BYTES)
  }

  get content(): Buffer {
    return this.#memory.subarray(0, this.#bytes)
  }

  add(piece: Uint8Array): void {
    this.#makeRoom(piece.length)
    this.#memory.set(piece, this.#bytes)
    this.#bytes += piece.length
  }

  addZeros(bytes: number): void {
    this.#makeRoom(bytes)
    this.#memory.fill(0, this.#bytes, this.#bytes + bytes)
    this.#bytes += bytes
  }

  release(): void {
    release(this.#memory)
  }

  /** A file may have grown since its size was asked for. */
  #makeRoom(bytes: number): void {
    if (this.#bytes + bytes <= this.#memory.length) return
    const larger = Buffer.allocUnsafeSlow(2 * (this.#bytes + bytes))
    larger.set(this.content)
    release(this.#memory)
    this.#memory = larger
  }
}
