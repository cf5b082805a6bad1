import * as v from 'valibot'
import type { Shown } from '#consent/permission.ts'
import { saidOn } from '#consent/server/reads/people.ts'
import { sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { maybeText } from '#kernel/input.ts'
import { textIn } from '#kernel/messages.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db, Trx } from '#platform/server/db.ts'
import { isDescribed } from '#media/picture.ts'
import { versionOf } from '#media/server/reads.ts'
import { changeFits } from '#organisations/supported.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { lockOthersOf, noticeAgain } from '#stories/server/writes/names.ts'
import { askToShow, asHolder, describePicture, token } from '#stories/server/writes/pictures.ts'
import { usualModes, whoInput } from '#stories/who.ts'

const picture = v.pipe(v.string('input.choose'), v.uuid('input.choose'))

/** What it shows can be said with who is in it, while nobody has said it. */
export const toldWho = v.intersect([whoInput, v.object({ token, words: maybeText(1000) })])
export const toldSame = v.object({ token, version: picture, from: picture })

export type ToldWho = v.InferOutput<typeof toldWho>

/** What to look at next: this picture again, for more; else the next one of which nobody has said who is in it; null when all are said. */
export type Next = { version: string | null; more: boolean }

/** Keeps who is in a picture and what it shows, as whoever tells the story says it, asks for the pictures to be shown when told, and answers which picture comes next. */
export const tellWhoIsIn = (db: Db, viewer: Viewer, input: ToldWho, now: Date): Promise<Next> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    const { version, nobody, more, formKey } = input
    const wrong = input.aged.find((one) => !changeFits(one, dayOf(now, 'UTC')))
    if (wrong) throw new Refusal('invalid', 'organisations.people.month-wrong', {}, `new.${wrong.row}.year`)
    return onceOnly(trx, `stories.who ${version}`, formKey, async () => {
      await describe(trx, viewer, input, now)
      const people = [...input.people, ...strangersOf(input.strangers)]
      const others = await lockOthersOf(trx, input.people, story.id)
      await sayWhoIsIn(trx, viewer, { surface: story.id, version, people, nobody, by: story.hand }, now)
      for (const other of others) await noticeAgain(trx, { story: other }, now)
      if (input.show) await askToShow(trx, viewer, { token: input.token }, now)
      return more ? { version, more } : nextOf(await saidOn(trx, story.id), version)
    })
  })

/** Words of a picture that has none; one that is described keeps its own. */
async function describe(
  trx: Trx,
  viewer: Viewer,
  { token: word, version, words }: ToldWho,
  now: Date,
): Promise<void> {
  const kept = words === null ? null : await versionOf(trx, version)
  if (!kept || isDescribed(kept)) return
  const { caption, revision } = kept
  const described = { token: word, version, words, decoration: false, caption, revision, pass: '' }
  await describePicture(trx, viewer, described, now)
}

/** Keeps that the same people are in a picture as in another one of this story. What they showed of a yes is not taken along: that is about one picture. */
export const tellSame = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof toldSame>,
  now: Date,
): Promise<Next> =>
  asHolder(db, viewer, { ...input, now }, async (trx, story) => {
    const { version } = input
    const from = (await saidOn(trx, story.id)).find((one) => one.version === input.from)
    if (!from?.said) throw missing()
    const people = from.people.map(({ person, modes }): Shown => ({
      who: { person },
      modes: modes.length > 0 ? modes : usualModes,
      names: [],
      seen: null,
    }))
    const saying = { surface: story.id, version, people, nobody: from.nobody, by: story.hand }
    await sayWhoIsIn(trx, viewer, saying, now)
    return nextOf(await saidOn(trx, story.id), version)
  })

/** Somebody nobody knows is a grown-up until somebody says otherwise: they can be asked, covered, or left out. */
const strangersOf = (count: number): Shown[] =>
  Array.from({ length: count }, (_, at) => ({
    who: { label: textIn('en')('pictures.stranger', { at: at + 1 }), ageBand: 'adult', nextChange: null },
    modes: usualModes,
    names: [],
    seen: null,
  }))

function nextOf(pictures: Awaited<ReturnType<typeof saidOn>>, version: string): Next {
  const here = pictures.findIndex((one) => one.version === version)
  const next = [...pictures.slice(here + 1), ...pictures.slice(0, here)].find((one) => !one.said)
  return { version: next?.version ?? null, more: false }
}
