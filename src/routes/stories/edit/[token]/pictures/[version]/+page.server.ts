import { peopleToChoose } from '#consent/server/reads/people.ts'
import { isDescribed } from '#media/picture.ts'
import { readReceipt } from '#media/receipt.ts'
import { missing } from '#kernel/refusal.ts'
import { monthChoices } from '#kernel/times.ts'
import { couldAnswer } from '#stories/server/reads/answering.ts'
import { ownPictures } from '#stories/server/reads/own-pictures.ts'
import { tellSame, tellWhoIsIn, toldSame, toldWho, type Next } from '#stories/server/writes/who.ts'
import { act } from '../../../../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params, url }) => {
  const { db, viewer, now, language } = locals
  const { story, pictures, said } = await ownPictures(db, viewer, params.token, now)
  const at = pictures.findIndex((one) => one.id === params.version)
  const picture = pictures[at]
  if (!picture) throw missing()
  const counts = story.member && !story.unanswered.includes(picture.id)
  const organisation = counts ? story.organisation : null
  const { tiles, forms } = await peopleToChoose(db, { surface: story.id, organisation }, now)
  const keyOf = (person: { key: string; person: string }): string =>
    tiles.find(({ key }) => key === person.key || key === `person:${person.person}`)?.key ?? person.key
  const here = said.find((one) => one.version === picture.id)
  const earlier = new Set(pictures.slice(0, at).map(({ id }) => id))
  const last = said.findLast((one) => one.said && earlier.has(one.version) && one.people.length > 0)
  return {
    token: params.token,
    at: picture.number,
    more: url.searchParams.has('more'),
    signedIn: viewer.account !== null,
    member: story.member,
    could: await couldAnswer(db, viewer, story),
    arrived: readReceipt(url.searchParams)?.received ?? 0,
    described: isDescribed(picture),
    last: pictures.every(({ id }) => id === picture.id || said.some((one) => one.version === id && one.said)),
    picture: {
      id: picture.id,
      words: picture.words,
      caption: picture.caption,
      width: picture.width ?? 4,
      height: picture.height ?? 3,
      widths: picture.widths,
      avif: picture.state === 'made',
    },
    nobody: here?.nobody ?? false,
    said: here?.said ?? false,
    people: (here?.people ?? []).map((person) => ({ ...person, key: keyOf(person) })),
    same:
      here?.said || !last
        ? null
        : { from: last.version, labels: last.people.map(({ label }) => label).join(', ') },
    tiles,
    forms,
    months: monthChoices(language),
    formKey: crypto.randomUUID(),
  }
}

/** On to the next picture, so that many are said one after another. */
function onward(next: Next, { params }: { params: Partial<Record<string, string>> }): string {
  const all = `/stories/edit/${params['token']}/pictures`
  if (next.version === null) return `${all}?saved`
  return `${all}/${next.version}${next.more ? '?more#more' : ''}`
}

export const actions: Actions = {
  say: act(toldWho, tellWhoIsIn, onward),
  same: act(toldSame, tellSame, onward),
}
