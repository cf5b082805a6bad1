import { changeKinds, choicesInput, importPress, sorts } from '#letters/directory.ts'
import { sayField } from '#letters/say-field.ts'
import { changesShown, directoryImport } from '#letters/server/reads/directory.ts'
import { bringInDirectory, chooseColumns, undoDirectory } from '#letters/server/writes/directory-import.ts'
import { isMessageKey, textIn } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { differencesIn } from './differences.ts'
import { act } from '../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

/** Says what was left out, and of what a part was, with the lines of the file. */
function sayLeft({ count = 0, parts = 0, first = [] }: Imported['leftOut'], language: Language) {
  const text = textIn(language)
  const rows = first.map((one) => ({
    line: one.line,
    why: text(one.key, sayField(one.params, language)),
    part: one.part === true,
  }))
  return { count, rows: rows.filter((one) => !one.part), parts, partRows: rows.filter((one) => one.part) }
}

const sayIn =
  (language: Language) =>
  (key: string, of: Record<string, string | number>): string =>
    isMessageKey(key) ? textIn(language)(key, of) : key

type Language = App.Locals['language']
type Imported = Awaited<ReturnType<typeof directoryImport>>

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, language } = locals
  const what = changeKinds.find((kind) => kind === url.searchParams.get('what')) ?? null
  const page = Math.min(10_000, Math.max(1, Math.trunc(Number(url.searchParams.get('page'))) || 1))
  const found = await directoryImport(db, viewer, { id: params.id, page, what })
  const counts = sorts.flatMap((sort) => {
    const of = found.counts[sort]
    return of && of.new + of.changed + of.ended + of.same > 0 ? [{ sort, ...of }] : []
  })
  const total = counts.reduce(
    (sum, of) => sum + (what === null ? of.new + of.changed + of.ended : of[what]),
    0,
  )
  const { head, chosen } = found.choices
  // A file that is whole and has nothing of a directory in it.
  const nothing = found.state === 'previewed' && found.format === 'popolo' && counts.length === 0
  const problem = nothing ? { key: 'directory.wrong.no-lists', params: {} } : found.problem
  return {
    formKey: crypto.randomUUID(),
    id: found.id,
    source: found.source,
    link: found.link,
    licence: found.licence,
    retrieved: sayDay(found.retrieved, language, true),
    state: found.state,
    problem: problem && sayIn(language)(problem.key, problem.params),
    table: head && chosen ? { headers: head.headers, first: head.first, chosen } : null,
    later: found.later && { ...found.later, retrieved: sayDay(found.later.retrieved, language, true) },
    ready: counts.length > 0 && (found.format === 'popolo' || chosen?.columns.organisation !== undefined),
    counts,
    left: sayLeft(found.leftOut, language),
    what,
    page,
    pages: Math.ceil(total / changesShown),
    changes: found.changes.map(({ sort, key, what: kind, before, after }) => ({
      sort,
      kind,
      name:
        after['name'] ??
        after['label'] ??
        after['value'] ??
        found.names.get(after['person'] ?? '') ??
        (after['person'] ?? key).split('/').at(-1) ??
        key,
      differences: differencesIn(before, after, { names: found.names, language }),
    })),
  }
}

export const actions: Actions = {
  choose: act(choicesInput, chooseColumns, ({ id }) => `/desk/directory/imports/${id}`),
  bring: act(importPress, bringInDirectory, ({ id }) => `/desk/directory/imports/${id}`),
  undo: act(importPress, undoDirectory, ({ id }) => `/desk/directory/imports/${id}`),
}
