// A process of its own: setting a thousand letters takes seconds, in which nobody else would be answered.
import { on } from 'node:events'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import sharp from 'sharp'
import { projectFile } from '#platform/server/project-files.ts'
import { faces } from '#platform/server/typeset/faces.ts'
import type { Answer, Order } from '#platform/server/typeset/setting.ts'

const need = createRequire(import.meta.url)

const compiler = NodeCompiler.create({
  workspace: dirname(projectFile('package.json')),
  fontArgs: [{ fontBlobs: faces.map((face) => readFileSync(need.resolve(`@expo-google-fonts/${face}`))) }],
})

/** What the compiler says when a typeface lacks a character; it holds the characters, quoted. */
const lacking = /the text `\\*"(.+?)\\*"` could not be displayed/g

async function set(order: Order): Promise<Answer> {
  try {
    const done = compiler.compile({
      mainFilePath: projectFile(order.template),
      inputs: { data: order.data },
    })
    const wrong = done.takeError()
    if (wrong || !done.result) return { failed: JSON.stringify(wrong?.shortDiagnostics ?? 'no document') }
    const pages = done.result.numOfPages
    const bytes =
      order.as === 'pdf'
        ? compiler.pdf(done.result, { pdfStandard: 'ua-1' })
        : await sharp(Buffer.from(compiler.plainSvg(done.result)), { limitInputPixels: 4_000_000 })
            .png()
            .toBuffer()
    return { bytes, pages }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    const unprintable = [...words.matchAll(lacking)].flatMap(([, found]) => found ?? [])
    return unprintable.length > 0 ? { unprintable: [...new Set(unprintable)] } : { failed: words }
  } finally {
    compiler.evictCache(10)
  }
}

process.on('disconnect', () => process.exit(0))
const orders = on(process, 'message') as AsyncIterable<[Order]>
process.send?.('ready')
// Each is answered in its turn, before the next holds this process.
for await (const [order] of orders) {
  const answer = await set(order)
  await new Promise((sent) => process.send?.(answer, sent))
}
