import { redirect } from '@sveltejs/kit'
import * as v from 'valibot'
import { maybeOneOf } from '#kernel/input.ts'
import { whoForm } from '#letters/choice.ts'
import { chosenBy } from '#letters/server/reads/choice.ts'
import { leaveOut } from '#letters/server/writes/choice.ts'
import { act } from '../../../act.ts'
import { askedIn, queryOf } from '../asked.ts'
import type { Actions, PageServerLoad } from './$types'

const onPage = 50

export const load: PageServerLoad = async ({ locals, url }) => {
  const asked = askedIn(url.searchParams)
  const chosen = await chosenBy(locals.db, asked.choice, locals.now)
  if (!chosen) redirect(303, `/letters/who?${queryOf({ ...asked, choice: null })}`)
  const pages = Math.max(1, Math.ceil(chosen.offices.length / onPage))
  const page = Math.min(pages, Math.max(1, Math.floor(Number(url.searchParams.get('page')) || 1)))
  return {
    query: queryOf(asked),
    choice: asked.choice,
    page,
    pages,
    sum: {
      count: chosen.offices.length,
      bare: chosen.offices.filter((one) => one.address === null).length,
      alone: chosen.leftAlone.length,
      gone: chosen.gone,
    },
    alone: chosen.leftAlone.slice(0, onPage).map(({ ref, label }) => ({ ref, label })),
    offices: chosen.offices
      .slice((page - 1) * onPage, page * onPage)
      .map(({ ref, label, address, email }) => ({
        ref,
        label,
        address: address !== null,
        email: email !== null,
      })),
  }
}

const outForm = v.object({ ...whoForm.entries, sort: maybeOneOf(['no-address', 'every'] as const) })

export const actions: Actions = {
  out: act(
    outForm,
    (db, viewer, { choice, office, sort }, now) =>
      leaveOut(db, viewer, { choice, offices: office, sort: sort ?? undefined }, now),
    (_, { url }) => {
      const query = queryOf(askedIn(url.searchParams))
      const page = url.searchParams.get('page')
      return `/letters/who/chosen?${query}${page === null ? '' : `&page=${encodeURIComponent(page)}`}`
    },
  ),
}
