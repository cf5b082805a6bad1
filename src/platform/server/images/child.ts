// A process of its own: what reads strangers' files holds no secret, no connection and nothing of anybody else's.
import { Refusal } from '#kernel/refusal.ts'
import { likenessOf, readBase } from '#platform/server/images/base.ts'
import { encodeAll } from '#platform/server/images/encode.ts'
import { dayTaken } from '#platform/server/images/exif.ts'
import type { Answer, Making } from '#platform/server/images/making.ts'

async function make(making: Making): Promise<Answer> {
  try {
    const base = await readBase(making.path, making.covers)
    const [made, likeness] = [await encodeAll(base, making.formats, making.folder), await likenessOf(base)]
    const { look, whole } = base
    return { picture: { made, type: look.type, ...whole, day: dayTaken(look.exif), likeness } }
  } catch (error) {
    if (error instanceof Refusal) return { refused: { key: error.key, params: error.params } }
    return { failed: error instanceof Error ? `${error.name}: ${error.message}` : 'not an error object' }
  }
}

process.on('message', (making: Making) => {
  void make(making).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
