import type { RestoreInput } from '#consent/permission.ts'
import { hiddenByPolicy, isHiddenByPolicy } from '#consent/server/reads/by-policy.ts'
import { seenNo, toRestore } from '#consent/server/reads/second-person.ts'
import { restore } from '#consent/server/writes/taking-down.ts'
import type { HiddenByPolicy, SeenNo, ToRestore } from '#consent/standing.ts'
import type { BringBack } from '#desk/pictures.ts'
import { eachOnItsOwn } from '#kernel/many.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { inTransaction, type Db } from '#platform/server/db.ts'
import { storyTitles } from '#stories/server/reads/surface.ts'
import { toldBy } from '#stories/server/reads/tellers.ts'

/** Answers what keeps pictures hidden, for whoever may bring them back; looks like nothing is there to anybody else, also to whoever tells their story. */
export async function hiddenPictures(db: Db, viewer: Viewer, surface: string, now: Date): Promise<ToRestore> {
  const hidden = await toRestore(db, viewer, surface, now)
  if ((await toldBy(db, viewer, [surface])).size > 0) throw missing()
  return hidden
}

/** Answers a no that was seen with where it hides what, for whoever may say that it is over; what they tell themselves is not among it. */
export async function lookAtNo(db: Db, viewer: Viewer, objection: string): Promise<SeenNo> {
  const no = await seenNo(db, viewer, objection)
  const told = await toldBy(
    db,
    viewer,
    no.on.map(({ surface }) => surface),
  )
  return { ...no, on: no.on.filter(({ surface }) => !told.has(surface)) }
}

/** Brings pictures back as far as everything else allows, with a reason in the log: only somebody who neither posted nor hid them, nor tells their story. */
export const bringBackPictures = (db: Db, viewer: Viewer, input: RestoreInput, now: Date): Promise<void> =>
  inTransaction(db, async (trx) => {
    if ((await toldBy(trx, viewer, [input.surface])).size > 0)
      throw new Refusal('forbidden', 'consent.refusal.second-person')
    await restore(trx, viewer, input, now)
  })

/** A story that a tighter policy hid, and that may come back. */
export type MayComeBack = HiddenByPolicy & { title: string }

/** Answers the stories that a tighter policy hid and that the policy in force would allow again, longest hidden first, at most 200, for whoever may bring them back; of one organisation, or of all the viewer looks after. */
export async function mayComeBack(
  db: Db,
  viewer: Viewer,
  organisation: string | null = null,
): Promise<MayComeBack[]> {
  const all = await hiddenByPolicy(db, viewer)
  const here = organisation === null ? all : all.filter((one) => one.organisation === organisation)
  const ids = here.map(({ surface }) => surface)
  const [titles, told] = await Promise.all([storyTitles(db, ids), toldBy(db, viewer, ids)])
  return here.flatMap((one) => {
    const title = titles.get(one.surface)
    return title === undefined || told.has(one.surface) ? [] : [{ ...one, title }]
  })
}

/** Brings back what a tighter policy hid, the chosen ones, each on its own and as far as the policy in force and everybody in it allow. What is hidden for another reason stays, and what this person posted or tells is refused. Pressing twice does it once. */
export async function bringBackSeveral(
  db: Db,
  viewer: Viewer,
  { chosen, reason }: BringBack,
  now: Date,
): Promise<{ done: number; refused: number }> {
  const hidden: string[] = []
  for (const surface of chosen) if (await isHiddenByPolicy(db, surface)) hidden.push(surface)
  const { done, refused } = await eachOnItsOwn(hidden, (surface) =>
    bringBackPictures(db, viewer, { surface, reason }, now),
  )
  return { done, refused: refused.length }
}
