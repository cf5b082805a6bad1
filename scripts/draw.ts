import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lightTokens } from '#ui/drawings/alone.ts'
import { drawnFiles } from '#ui/drawings/files.ts'

const root = join(import.meta.dirname, '..')
const tokens = lightTokens(readFileSync(join(root, 'src/ui/look/tokens.css'), 'utf8'))

for (const [name, svg] of Object.entries(drawnFiles(tokens))) {
  writeFileSync(join(root, 'static', name), svg)
  console.log(`static/${name}: ${svg.length} bytes`)
}
