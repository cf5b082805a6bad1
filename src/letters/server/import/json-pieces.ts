import { Refusal } from '#kernel/refusal.ts'

/** One element of one list of the outermost object: "persons", "memberships"… */
export type JsonPiece = { list: string; value: unknown; line: number }

const [quote, backslash, newline] = [0x22, 0x5c, 0x0a]
const [open, close, openList, closeList, comma] = [0x7b, 0x7d, 0x5b, 0x5d, 0x2c]
const spaces = new Set([0x20, 0x09, 0x0a, 0x0d])
/** The mark with which some programs begin a file in UTF-8. */
const mark = new Set([0xef, 0xbb, 0xbf])
/** The largest single element, bytes. */
const mostOfOne = 4 * 1024 * 1024

/** Reads a JSON file piece by piece, so that a hundred megabytes need no more memory than their largest element: what stands in the lists of the outermost object comes out one by one. */
export class JsonPieces {
  line = 1
  lists = 0
  #depth = 0
  #inString = false
  #escaped = false
  #list = ''
  #inList = false
  /** Between two elements of a list there is one comma. */
  #awaitsComma = false
  #word: number[] = []
  #parts: Buffer[] = []
  #begun = 0
  #collecting = false
  #ended = false

  /** Takes the next bytes; answers the elements that are whole by now. Refuses with the line what is no JSON. */
  take(bytes: Buffer): JsonPiece[] {
    const found: JsonPiece[] = []
    let from = 0
    for (let at = 0; at < bytes.length; at += 1) {
      const byte = bytes[at] ?? 0
      if (byte === newline) this.line += 1
      if (this.#inString) this.#inWord(byte)
      else if (!this.#collecting && this.#opens(byte)) from = at
      else if (this.#collecting) {
        if (this.#within(byte)) found.push(this.#whole(bytes.subarray(from, at + 1)))
      } else this.#between(byte)
    }
    if (this.#collecting) this.#keep(bytes.subarray(from))
    return found
  }

  /** Says that there is no more; refuses a file that was cut off, and one that holds no such lists. */
  end(): void {
    if (!this.#ended) throw new Refusal('invalid', 'directory.wrong.cut', { line: this.line }, 'file')
    if (this.lists === 0) this.#withoutLists()
  }

  #inWord(byte: number): void {
    if (this.#escaped) this.#escaped = false
    else if (byte === backslash) this.#escaped = true
    else if (byte === quote) this.#inString = false
    if (this.#inString && !this.#collecting && this.#depth === 1 && this.#word.length < 100) {
      this.#word.push(byte)
    }
  }

  /** The first byte of an element. */
  #opens(byte: number): boolean {
    if (!this.#inList || this.#depth !== 2 || byte !== open) return false
    if (this.#awaitsComma) this.#broken()
    this.#collecting = true
    this.#begun = this.line
    this.#depth += 1
    return true
  }

  /** A byte inside an element; answers whether it was its last. */
  #within(byte: number): boolean {
    if (byte === quote) this.#inString = true
    else if (byte === open || byte === openList) this.#depth += 1
    else if (byte === close || byte === closeList) this.#depth -= 1
    return this.#depth === 2
  }

  #between(byte: number): void {
    if (spaces.has(byte) || (this.lists === 0 && this.#depth === 0 && mark.has(byte))) return
    if (this.#depth === 0 && !this.#ended && byte === openList) this.#withoutLists()
    if (this.#ended || (this.#depth === 0 && byte !== open)) this.#broken()
    if (this.#inList && this.#depth === 2) return this.#inOurList(byte)
    if (byte === quote) {
      this.#inString = true
      if (this.#depth === 1) this.#word = []
    } else if (byte === open || byte === openList) this.#goIn(byte)
    else if (byte === close || byte === closeList) {
      this.#depth -= 1
      this.#ended = this.#depth === 0
    }
  }

  #goIn(byte: number): void {
    if (this.#depth === 1 && byte === openList) {
      this.#inList = true
      this.#awaitsComma = false
      this.#list = Buffer.from(this.#word).toString('utf8')
      this.lists += 1
    }
    this.#depth += 1
  }

  #inOurList(byte: number): void {
    if (byte === comma && this.#awaitsComma) this.#awaitsComma = false
    else if (byte === closeList) {
      this.#inList = false
      this.#depth -= 1
    } else this.#broken()
  }

  #keep(bytes: Buffer): void {
    this.#parts.push(Buffer.from(bytes))
    if (this.#parts.reduce((sum, part) => sum + part.length, 0) > mostOfOne) {
      throw new Refusal('invalid', 'directory.wrong.large-one', { line: this.#begun }, 'file')
    }
  }

  #whole(last: Buffer): JsonPiece {
    const bytes = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last])
    this.#parts = []
    this.#collecting = false
    this.#awaitsComma = true
    try {
      return { list: this.#list, value: JSON.parse(bytes.toString('utf8')) as unknown, line: this.#begun }
    } catch (error) {
      if (error instanceof SyntaxError) this.#broken(this.#begun)
      throw error
    }
  }

  #withoutLists(): never {
    throw new Refusal('invalid', 'directory.wrong.no-lists', {}, 'file')
  }

  #broken(line = this.line): never {
    throw new Refusal('invalid', 'directory.wrong.json', { line }, 'file')
  }
}
