import { fail, redirect, type ActionFailure, type RequestEvent } from '@sveltejs/kit'
import * as v from 'valibot'
import { isMessageKey, textIn, type Text } from '#kernel/messages.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'

/** What a form is shown again with: everything typed, a sentence at each wrong field, a sentence for the whole. */
export type FormState = {
  values: Record<string, string | string[]>
  errors: Record<string, string>
  said: string | null
}

type AnySchema = v.GenericSchema<unknown, unknown>
export type UseCase<Input, Result> = (db: Db, viewer: Viewer, input: Input, now: Date) => Promise<Result>

/** Reads a form into plain values: one answer is a word, several under one name a list. Files are left out. */
export function readForm(form: FormData): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {}
  for (const name of new Set(form.keys())) {
    const all = form.getAll(name).filter((value) => typeof value === 'string')
    const first = all[0]
    if (first !== undefined) values[name] = all.length === 1 ? first : all
  }
  return values
}

/** Says each wrong field's sentence in the page's language; the first mistake of a field counts. */
export function sayIssues(issues: readonly v.BaseIssue<unknown>[], text: Text): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const issue of issues) {
    const key = issue.path?.[0]?.key
    const field = typeof key === 'string' || typeof key === 'number' ? String(key) : 'form'
    const requirement = typeof issue.requirement === 'number' ? issue.requirement : ''
    errors[field] ??= isMessageKey(issue.message)
      ? text(issue.message, { requirement })
      : text('input.choose')
  }
  return errors
}

/** Puts mistakes into the order in which the schema, as its form, has the fields: checks across fields come last otherwise. */
export function inOrder(errors: Record<string, string>, schema: AnySchema): Record<string, string> {
  const own = schema as { entries?: object; pipe?: readonly { entries?: object }[] }
  const fields = Object.keys(own.entries ?? own.pipe?.[0]?.entries ?? {})
  const place = (field: string): number => (fields.includes(field) ? fields.indexOf(field) : fields.length)
  return Object.fromEntries(Object.entries(errors).toSorted(([one], [other]) => place(one) - place(other)))
}

/** Says each refusal at its field; the first of a field counts. */
export function sayFields(refusals: readonly Refusal[], language: App.Locals['language']) {
  const errors: Record<string, string> = {}
  for (const { field, key, params } of refusals) if (field) errors[field] ??= textIn(language)(key, params)
  return errors
}

/** Turns a "no" into the form shown again, everything typed kept. */
export function refuse(
  refusal: Refusal,
  values: FormState['values'],
  language: App.Locals['language'],
): ActionFailure<FormState> {
  const said = textIn(language)(refusal.key, refusal.params)
  return fail(refusal.status, {
    values,
    errors: sayFields([refusal, ...refusal.others], language),
    said: refusal.field ? null : said,
  })
}

/** Answers what a form sent, or null for a body that is cut off or is not what it says it is. */
export async function readBody(request: Request): Promise<FormData | null> {
  try {
    return await request.formData()
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

/** Makes a form action of a schema and a use case. `after` answers an address to go to next (303), or what the page is shown with. Fields of the address (`params`) count as fields of the form, and win. */
export const act =
  <Schema extends AnySchema, Result, After extends string | object | undefined>(
    schema: Schema,
    useCase: UseCase<v.InferOutput<Schema>, Result>,
    after: (result: Result, event: RequestEvent) => After,
  ) =>
  async (event: RequestEvent): Promise<Exclude<After, string> | ActionFailure<FormState>> => {
    const { db, viewer, language, now } = event.locals
    const fromAddress = Object.entries(event.params).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    const body = await readBody(event.request)
    if (!body) return refuse(new Refusal('invalid', 'input.not-whole'), {}, language)
    const values = { ...readForm(body), ...Object.fromEntries(fromAddress) }
    const read = v.safeParse(schema, values)
    if (!read.success) {
      const errors = inOrder(sayIssues(read.issues, textIn(language)), schema)
      return fail(400, { values, errors, said: null })
    }
    let result: Result
    try {
      result = await useCase(db, viewer, read.output, now)
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, values, language)
      throw error
    }
    const next = after(result, event)
    if (typeof next === 'string') redirect(303, next)
    return next as Exclude<After, string>
  }
