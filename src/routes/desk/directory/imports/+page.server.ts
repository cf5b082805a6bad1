import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { fail, redirect } from '@sveltejs/kit'
import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import * as v from 'valibot'
import { mostBytes, mostMegabytes, sourceInput } from '#letters/directory.ts'
import { mayKeepDirectory } from '#letters/may.ts'
import { listDirectoryImports } from '#letters/server/reads/directory.ts'
import { giveDirectory } from '#letters/server/writes/directory-import.ts'
import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { refuse, sayIssues } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const imports = await listDirectoryImports(locals.db, locals.viewer)
  return {
    formKey: crypto.randomUUID(),
    most: mostMegabytes,
    today: locals.now.toISOString().slice(0, 10),
    sources: [...new Set(imports.map((one) => one.source))],
    imports: imports.map((one) => ({
      ...one,
      created: sayDay(one.created.toISOString().slice(0, 10), locals.language, true),
    })),
  }
}

type Coming = {
  values: Record<string, string>
  bytes: AsyncIterable<Uint8Array> | null
  fileName: string
  end: () => void
}

/** Reads a form up to its file, which is then read as it comes: a hundred megabytes never lie in memory. */
function readForm(request: Request): Promise<Coming> {
  const type = request.headers.get('content-type') ?? ''
  if (!request.body || !/^multipart\/form-data;.*boundary=/i.test(type)) {
    throw new Refusal('invalid', 'input.not-whole')
  }
  const body = Readable.fromWeb(request.body as ReadableStream)
  const headers: BusboyHeaders = { 'content-type': type }
  const parser = new Busboy({
    headers,
    limits: { fileSize: mostBytes + 1, files: 1, fields: 20, fieldSize: 5000 },
  })
  const values: Record<string, string> = {}
  const end = (): void => {
    body.unpipe(parser)
    body.resume()
  }
  return new Promise((done, failed) => {
    const cut = (): void => failed(new Refusal('invalid', 'input.not-whole'))
    parser.on('field', (name, value) => (values[name] = value))
    parser.on('file', (name, file, fileName) => {
      if (name === 'file') done({ values, bytes: file, fileName: fileName ?? '', end })
      else file.resume()
    })
    parser.on('finish', () => done({ values, bytes: null, fileName: '', end }))
    parser.on('error', cut)
    body.on('error', cut)
    body.pipe(parser)
  })
}

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const { db, viewer, now, language } = locals
    let coming: Coming
    try {
      if (!mayKeepDirectory(viewer)) throw new Refusal('forbidden', 'refusal.forbidden')
      coming = await readForm(request)
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, {}, language)
      throw error
    }
    const { values, bytes, fileName, end } = coming
    const read = v.safeParse(sourceInput, values)
    if (!read.success || bytes === null) {
      end()
      const errors = {
        ...(!read.success && sayIssues(read.issues, textIn(language))),
        ...(bytes === null && { file: textIn(language)('directory.wrong.empty') }),
      }
      return fail(400, { values, errors, said: null })
    }
    let made: { id: string }
    try {
      made = await giveDirectory(db, viewer, { ...read.output, bytes, fileName }, now)
    } catch (error) {
      end()
      if (error instanceof Refusal) return refuse(error, values, language)
      throw error
    }
    redirect(303, `/desk/directory/imports/${made.id}`)
  },
}
