// The limit for letters: Typst by itself, with the same template, typefaces and data, one file after the other.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'
import { projectFile } from '#platform/server/project-files.ts'
import { faces } from '#platform/server/typeset/faces.ts'
import type { Setting } from '#platform/server/typeset/setting.ts'

const need = createRequire(import.meta.url)
const compiler = NodeCompiler.create({
  workspace: dirname(projectFile('package.json')),
  fontArgs: [{ fontBlobs: faces.map((face) => readFileSync(need.resolve(`@expo-google-fonts/${face}`))) }],
})

process.on('message', (settings: Setting[]) => {
  for (const { template, data } of settings) {
    const done = compiler.compile({
      mainFilePath: projectFile(template),
      inputs: { data: JSON.stringify(data) },
    })
    if (!done.result) throw new Error('Typst set nothing')
    compiler.pdf(done.result, { pdfStandard: 'ua-1' })
    compiler.evictCache(10)
  }
  process.send?.('set')
})
process.send?.('ready')
