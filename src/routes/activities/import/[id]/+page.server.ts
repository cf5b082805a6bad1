import { sayDraft, sayMistakes } from '#activities/import-words.ts'
import { choicesInput, doInput, undoInput, usualKind } from '#activities/import.ts'
import { mayUndoImport } from '#activities/may.ts'
import { dateOrders, readDay } from '#activities/import-cells.ts'
import type { DayOrders } from '#activities/import-orders.ts'
import {
  countRows,
  doubleRows,
  doublesShown,
  hostsNamed,
  importById,
  importRows,
  kindsOpen,
  questionsOf,
  rowsShown,
  waitForImport,
} from '#activities/server/reads/import.ts'
import { chooseForImport, doImport, undoImport } from '#activities/server/writes/import.ts'
import { zonesIn } from '#activities/zones.ts'
import { isMessageKey, textIn, type Language } from '#kernel/messages.ts'
import { sayDay } from '#kernel/times.ts'
import { reviews } from '#kernel/viewer.ts'
import { ownAccount } from '#accounts/server/reads/people.ts'
import { kindsOf } from '#weeks/server/reads.ts'
import { nameOf } from '#weeks/week.ts'
import { act } from '../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

/** How long a page waits for the worker before it says "look again", milliseconds. */
const patience = 4000

/** Which rows of how many pages the address asks for. */
function shownOf(url: URL, counts: Record<string, number>, actions: Record<string, number>) {
  const asked = url.searchParams.get('show')
  const show = asked !== null && /^[a-z-]{1,20}$/.test(asked) ? asked : null
  const whole = Object.values(actions).reduce((sum, one) => sum + one, 0)
  const pages = Math.max(1, Math.ceil((show === null ? whole : (counts[show] ?? 0)) / rowsShown))
  const page = Math.min(pages, Math.max(1, Math.floor(Number(url.searchParams.get('page'))) || 1))
  return { show, page, pages }
}

/** Says which day the words that are open would be in either order. */
const ordersOf = ({ open }: DayOrders, language: Language) =>
  dateOrders.map((value) => {
    const read = readDay(open?.words ?? '', value)
    const day = read === null || read === 'ask' ? '' : sayDay(read.day, language, true)
    return { value, label: textIn(language)(`import.ask.${value}`, { day }) }
  })

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, language, now } = locals
  await importById(db, viewer, params.id)
  await waitForImport(db, params.id, patience)
  const { problem, monday, account, ...found } = await importById(db, viewer, params.id)
  const text = textIn(language)
  const { actions, outcomes } = await countRows(db, params.id)
  const where = shownOf(url, { ...outcomes, ...actions }, actions)
  const kinds = (await kindsOf(db, found.week)).filter((kind) => !kind.retired)
  const words = {
    monday,
    text,
    language,
    kinds: new Map(kinds.map((kind) => [kind.code, nameOf(kind, language)])),
  }
  const [rows, wrong, doubles, edited, questions, hosts, open] = await Promise.all([
    importRows(db, params.id, where),
    importRows(db, params.id, { show: 'mistake', page: 1 }),
    doubleRows(db, params.id),
    importRows(db, params.id, { show: 'edited-since', page: 1 }),
    questionsOf(db, params.id),
    hostsNamed(db, params.id),
    kindsOpen(db, params.id),
  ])
  const trusted = viewer.account !== null && (await ownAccount(db, viewer)).trusted
  return {
    ...found,
    reason: problem && isMessageKey(problem.key) ? text(problem.key, problem.params) : null,
    actions,
    outcomes,
    ready: (actions['new'] ?? 0) + (actions['changed'] ?? 0) + (actions['called-off'] ?? 0),
    hosts,
    ...where,
    rows: rows.map(({ mistakes: _mistakes, doubles: _doubles, draft, ...row }) => ({
      ...row,
      ...sayDraft(draft, words),
    })),
    wrong: wrong.flatMap((row) => sayMistakes(row, text)),
    doubles: doubles.map(({ position, line, name, doubles: alike, leftOut: out }) => ({
      position,
      line,
      name,
      alike,
      out,
    })),
    doublesMany: doubles.length === doublesShown,
    doublesShown,
    edited: edited.map((row) => ({ name: row.name, slug: row.slug })),
    questions,
    orders: ordersOf(found.days, language),
    zones: questions.includes('zone') || found.choices.zone !== null ? zonesIn(language, now) : [],
    kindsOpen: open,
    kindChosen: found.choices.kind ?? kinds.find(({ code }) => code === usualKind)?.code ?? null,
    kinds: kinds.map((kind) => ({ value: kind.code, label: nameOf(kind, language) })),
    listed: trusted || reviews(viewer) ? ('published' as const) : ('waiting' as const),
    mine: viewer.account === account,
    mayUndo: mayUndoImport(viewer, account),
    formKey: crypto.randomUUID(),
  }
}

const again = ({ id }: { id: string }): string => `/activities/import/${id}`

export const actions: Actions = {
  choose: act(choicesInput, chooseForImport, again),
  bring: act(doInput, doImport, again),
  undo: act(undoInput, undoImport, again),
}
