import { missing } from '#kernel/refusal.ts'
import type { Db } from '#platform/server/db.ts'
import { moveInput, type ListName } from '#weeks/lists.ts'
import { mayChangeWeeks } from '#weeks/may.ts'
import { asksOf, audiencesOf, currentWeek, kindsOf, listWeeks, verbsOf } from '#weeks/server/reads.ts'
import { moveEntry } from '#weeks/server/writes/lists.ts'
import { clusters, nameOf, wordsOf } from '#weeks/week.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

type Entry = {
  code: string
  name: string
  note: string
  /** Which part of the list it belongs to. */
  part: string
  drawing: string | null
  retired: boolean
}

async function entriesOf(db: Db, list: ListName, year: number, language: string): Promise<Entry[]> {
  if (list === 'audiences') {
    return (await audiencesOf(db, year)).map((one) => ({
      ...one,
      name: nameOf(one, language),
      note: '',
      part: one.cluster,
      drawing: null,
    }))
  }
  if (list === 'asks') {
    return (await asksOf(db, year)).map((ask) => ({
      ...ask,
      name: nameOf(ask, language),
      note: wordsOf(ask.words, language),
      part: '',
      drawing: null,
    }))
  }
  const kinds = await kindsOf(db, year)
  if (list === 'kinds') {
    return kinds.map((kind) => ({
      ...kind,
      name: nameOf(kind, language),
      note: wordsOf(kind.hints, language),
      part: '',
    }))
  }
  return (await verbsOf(db, year)).map((verb) => {
    const kind = kinds.find((one) => one.code === verb.kind)
    return {
      ...verb,
      name: nameOf(verb, language),
      note: wordsOf(verb.tenMinutes, language),
      part: '',
      drawing: kind?.drawing ?? null,
    }
  })
}

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, language, now } = locals
  if (!mayChangeWeeks(viewer)) throw missing()
  const weeks = await listWeeks(db, viewer)
  const asked = url.searchParams.get('week') ?? String((await currentWeek(db, now))?.year)
  const week = weeks.find((one) => String(one.year) === asked) ?? weeks[0]
  const entries = week ? await entriesOf(db, params.list, week.year, language) : []
  return {
    list: params.list,
    formKey: crypto.randomUUID(),
    week: week ? { year: week.year, name: week.name } : null,
    others: weeks
      .filter((one) => one.year !== week?.year)
      .map((one) => ({ label: one.name, href: `/desk/${params.list}?week=${one.year}` })),
    parts: (params.list === 'audiences' ? clusters : ['']).map((part) => ({
      part,
      entries: entries.filter((one) => one.part === part && !one.retired),
    })),
    retired: entries.filter((one) => one.retired),
  }
}

export const actions: Actions = {
  move: (event) =>
    act(
      moveInput,
      (db, viewer, input, now) => moveEntry(db, viewer, { ...input, list: event.params.list }, now),
      () => `/desk/${event.params.list}?week=${event.url.searchParams.get('week') ?? ''}`,
    )(event),
}
