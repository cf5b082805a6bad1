import { fail } from '@sveltejs/kit'
import * as v from 'valibot'
import { mayImport } from '#activities/may.ts'
import { importInput, mostMegabytes } from '#activities/import.ts'
import { mostRows } from '#activities/import-columns.ts'
import { listImports } from '#activities/server/reads/import.ts'
import { previewImport } from '#activities/server/writes/import.ts'
import { textIn } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import { redirect } from '@sveltejs/kit'
import { readBody, readForm, refuse, sayIssues } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals }) => {
  const own = await listImports(locals.db, locals.viewer, 'own')
  return {
    may: mayImport(locals.viewer),
    most: mostMegabytes,
    rows: mostRows,
    own: own.map((one) => ({
      ...one,
      day: sayDay(one.created.toISOString().slice(0, 10), locals.language, true),
    })),
    formKey: crypto.randomUUID(),
  }
}

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const form = await readBody(request)
    if (!form) return refuse(new Refusal('invalid', 'input.not-whole'), {}, locals.language)
    const file = form.get('file')
    const values = readForm(form)
    const read = v.safeParse(importInput, values)
    if (!read.success) {
      return fail(400, { values, errors: sayIssues(read.issues, textIn(locals.language)), said: null })
    }
    let made: { id: string }
    try {
      const given = file instanceof File ? { name: file.name, bytes: await file.bytes() } : null
      made = await previewImport(locals.db, locals.viewer, { ...read.output, file: given }, locals.now)
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, values, locals.language)
      throw error
    }
    redirect(303, `/activities/import/${made.id}`)
  },
}
