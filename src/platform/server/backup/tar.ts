/** One file in an archive; its bytes are read once, before the next is asked for. */
export type Entry = { name: string; bytes: number; body: AsyncIterable<Buffer> }

/** What is missing at the end of an archive that was not written to its end. */
export class CutOff extends Error {}

const block = 512
/** As many bytes as eleven octal digits can say. */
const largest = 8 ** 11 - 1
const sumAt = { from: 148, to: 156 }

const padding = (bytes: number): number => (block - (bytes % block)) % block

function headerOf(name: string, bytes: number): Buffer {
  if (Buffer.byteLength(name) > 100 || bytes > largest) throw new Error(`${name} does not fit into a backup`)
  const header = Buffer.alloc(block)
  const put = (text: string, at: number): void => void header.write(text, at, 'utf8')
  put(name, 0)
  put('0000600\0', 100)
  put('0000000\0', 108)
  put('0000000\0', 116)
  put(`${bytes.toString(8).padStart(11, '0')}\0`, 124)
  put(`${'0'.repeat(11)}\0`, 136)
  put('0', 156)
  put('ustar\x0000', 257)
  put(`${sumOf(header).toString(8).padStart(6, '0')}\0 `, sumAt.from)
  return header
}

/** The sum counts its own place as eight spaces. */
const sumOf = (header: Buffer): number =>
  header.reduce((sum, byte, at) => sum + (at >= sumAt.from && at < sumAt.to ? 32 : byte), 0)

/** Writes entries as a tar archive, a chunk at a time; throws when one has another length than it said. */
export async function* pack(entries: AsyncIterable<Entry>): AsyncGenerator<Buffer> {
  for await (const { name, bytes, body } of entries) {
    yield headerOf(name, bytes)
    let written = 0
    for await (const chunk of body) {
      written += chunk.length
      yield chunk
    }
    if (written !== bytes) throw new Error(`${name} should have ${bytes} bytes, and ${written} came`)
    yield Buffer.alloc(padding(bytes))
  }
  yield Buffer.alloc(2 * block)
}

/** Reads the entries of a tar archive, a chunk at a time, and to the very end of the source; throws `CutOff` when it ends too early. What is not read of an entry is skipped. */
export async function* unpack(source: AsyncIterable<Buffer>): AsyncGenerator<Entry> {
  const taken = reader(source)
  for (;;) {
    const header = await taken.whole(block)
    if (header.every((byte) => byte === 0)) break
    const said = Number.parseInt(header.toString('latin1', sumAt.from, sumAt.to), 8)
    if (said !== sumOf(header)) throw new Error('That is no tar archive')
    const bytes = Number.parseInt(header.toString('latin1', 124, 136), 8)
    const name = header.toString('utf8', 0, 100).replace(/\0.*$/s, '')
    const body = taken.some(bytes)
    yield { name, bytes, body }
    for await (const chunk of body) void chunk
    await taken.whole(padding(bytes))
  }
  await taken.rest()
}

/** Takes bytes from a source in the sizes that are wanted. */
function reader(source: AsyncIterable<Buffer>) {
  const chunks = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const more = async (): Promise<boolean> => {
    const next = await chunks.next()
    if (!next.done) held = next.value
    return !next.done
  }
  async function* some(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (held.length === 0 && !(await more())) throw new CutOff('The archive ends too early')
      const part = held.subarray(0, left)
      held = held.subarray(part.length)
      left -= part.length
      if (part.length > 0) yield part
    }
  }
  const whole = async (bytes: number): Promise<Buffer> => {
    const parts: Buffer[] = []
    for await (const part of some(bytes)) parts.push(part)
    return Buffer.concat(parts)
  }
  const rest = async (): Promise<void> => {
    while (await more()) held = Buffer.alloc(0)
  }
  return { some, whole, rest }
}
