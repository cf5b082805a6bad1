import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { defineConfig, type Plugin } from 'vite'
import { lightTokens } from './src/ui/drawings/alone.ts'
import { darkTokens, pictureFiles, worldPicture } from './src/ui/drawings/pictures.ts'

const require = createRequire(import.meta.url)

/** What the big map fetches by name from beside itself. MapLibre 6 starts its worker from a file of its own. */
const besides: Record<string, string> = {
  'maplibre-gl-worker.mjs': require.resolve('maplibre-gl/dist/maplibre-gl-worker.mjs'),
  'maplibre-gl.css': require.resolve('maplibre-gl/dist/maplibre-gl.css'),
  'countries.json': require.resolve('world-atlas/countries-50m.json'),
}

const files: Plugin = {
  name: 'files-beside',
  generateBundle() {
    for (const [fileName, from] of Object.entries(besides))
      this.emitFile({ type: 'asset', fileName, source: readFileSync(from) })
    const css = readFileSync('src/ui/look/tokens.css', 'utf8')
    const [light, dark] = [lightTokens(css), darkTokens(css)]
    this.emitFile({ type: 'asset', fileName: 'drawings/world.svg', source: worldPicture(light, dark) })
    for (const [name, source] of Object.entries(pictureFiles(light, dark)))
      this.emitFile({ type: 'asset', fileName: `drawings/${name}`, source })
  },
}

export default defineConfig({
  base: './',
  publicDir: false,
  plugins: [files],
  build: {
    outDir: 'build/elements',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: {
      input: {
        base: 'src/elements/base.ts',
        map: 'src/elements/big-map.ts',
        photos: 'src/elements/photos.ts',
        letter: 'src/elements/letter.ts',
      },
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
