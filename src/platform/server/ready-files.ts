import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { keepable, type KeptPage } from '#platform/server/page-cache.ts'

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
}

/** Reads the files of a folder (at most 100, no deeper) once, compressed and ready to be sent under a path; their names do not change with their content, so readers ask again after so many seconds. */
export async function readyFiles(
  folder: string,
  under: string,
  seconds: number,
): Promise<Map<string, KeptPage>> {
  const files = new Map<string, KeptPage>()
  if (!existsSync(folder)) return files
  for (const name of readdirSync(folder).slice(0, 100)) {
    const type = types[extname(name)]
    if (type === undefined) continue
    const headers = {
      'content-type': type,
      'cache-control': `public, max-age=${seconds}, must-revalidate`,
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'x-content-type-options': 'nosniff',
    }
    files.set(
      `${under}${name}`,
      await keepable(headers, readFileSync(join(folder, name)), Number.POSITIVE_INFINITY),
    )
  }
  return files
}
