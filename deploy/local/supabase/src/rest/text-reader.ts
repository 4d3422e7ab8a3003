import { parseFailed } from './rest-error.ts'

/** Nesting of parentheses: far more than anyone writes, far less than the stack holds. */
export const DEPTH_MAX = 20

/** Walks over one URL parameter. Every refusal names the parameter. */
export class TextReader {
  readonly #text: string
  readonly #what: string
  #at = 0
  #depth = 0

  constructor(text: string, what: string) {
    this.#text = text
    this.#what = what
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  fail(): never {
    throw parseFailed(`${this.#what} at position ${this.#at}: ${this.#text.slice(0, 200)}`)
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  /** Skips `text` when it comes next. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false
    this.#at += text.length
    return true
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail()
  }

  /** Takes what the (sticky) pattern matches here, or null. */
  match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)
    if (found === null) return null
    this.#at += found[0].length
    return found[0]
  }

  rest(): string {
    const rest = this.#text.slice(this.#at)
    this.#at = this.#text.length
    return rest
  }

  spaces(): void {
    this.match(/\s*/y)
  }

  /** A name, plain or in double quotes. */
  name(): string {
    if (this.startsWith('"')) return this.quoted()
    return this.match(/[\p{L}_][\p{L}\p{N}_$ -]*/uy)?.trim() ?? this.fail()
  }

  quoted(): string {
    this.expect('"')
    const raw = this.match(/(?:[^"\\]|\\.)*/y) ?? ''
    this.expect('"')
    return raw.replace(/\\(.)/g, '$1')
  }

  /** Runs `read` between parentheses. */
  parenthesized<T>(read: () => T): T {
    this.expect('(')
    this.#depth += 1
    if (this.#depth > DEPTH_MAX) this.fail()
    const value = read()
    this.spaces()
    this.expect(')')
    this.#depth -= 1
    return value
  }

  list<T>(read: () => T): T[] {
    const items = [read()]
    this.spaces()
    while (this.take(',')) {
      items.push(read())
      this.spaces()
    }
    return items
  }
}
