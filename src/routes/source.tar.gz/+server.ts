import { readFile } from 'node:fs/promises'
import { projectFile } from '#platform/server/project-files.ts'
import type { RequestHandler } from './$types'

/** The source as it runs here; the set-up packs it before every start. */
export const GET: RequestHandler = async () =>
  new Response(await readFile(projectFile('build/source.tar.gz')), {
    headers: {
      'content-type': 'application/gzip',
      'content-disposition': 'attachment; filename="a-bit-extra.tar.gz"',
      'cache-control': 'public, max-age=300',
    },
  })
