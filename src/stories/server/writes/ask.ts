import * as v from 'valibot'
import { scopeFor } from '#consent/conversation.ts'
import { conversationOf } from '#consent/server/reads/asking.ts'
import { correctAge } from '#consent/server/writes/ages.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { formKey, line, maybeLine, oneOf, westernDigits } from '#kernel/input.ts'
import { missing } from '#kernel/refusal.ts'
import { ageBands, routes } from '#kernel/permission-words.ts'
import { realDay } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { asHolder, token } from '#stories/server/writes/pictures.ts'

const person = v.pipe(v.string('input.choose'), v.uuid('input.choose'))

export const askedPerson = v.object({
  token,
  person,
  route: oneOf(routes.filter((route) => route !== 'nobody')),
  holder: v.optional(maybeLine(40), ''),
  formKey,
})
/** One of several who decide has to be called something. */
export const askedHolder = v.object({ ...askedPerson.entries, holder: line(40) })
export const askedAge = v.pipe(
  v.object({
    token,
    person,
    age: oneOf(ageBands),
    month: v.optional(maybeLine(2), ''),
    year: v.optional(maybeLine(4), ''),
  }),
  v.transform(({ month, year, ...rest }) => {
    const day = `${westernDigits(year ?? '')}-${(month ?? '').padStart(2, '0')}-01`
    return { ...rest, nextChange: rest.age === 'adult' ? null : day }
  }),
  v.forward(
    v.check(({ nextChange }) => nextChange === null || realDay(nextChange), 'organisations.people.month'),
    ['nextChange'],
  ),
)
export const helpedPerson = v.object({ token, person })

/** Asks one person, or whoever decides with or for them, about everything in a story that they are in, and answers the link to hand over. Mails nobody. */
export const askPerson = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof askedPerson>,
  now: Date,
): Promise<{ link: string }> =>
  asHolder(db, viewer, { token: input.token, version: null, now }, async (trx, story) => {
    const found = await conversationOf(trx, { surface: story.id, person: input.person }, now)
    if (!found) throw missing()
    const { route, holder, formKey: key } = input
    const asked = { ...scopeFor(found, route), surface: story.id, version: null, person: found.person }
    return requestPermission(trx, viewer, { ...asked, route, holder, formKey: key, by: story.hand }, now)
  })

/** Keeps how old somebody is. */
export const tellAge = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof askedAge>,
  now: Date,
): Promise<void> =>
  asHolder(db, viewer, { token: input.token, version: null, now }, (trx, story) => {
    const { age: ageBand, nextChange, person: id } = input
    return correctAge(
      trx,
      viewer,
      { surface: story.id, person: id, ageBand, nextChange, by: story.hand },
      now,
    )
  })

/** Answers a link for those who support somebody: it decides nothing. With it they look, tap what they see, and write down what has to be written down when it is theirs to write. */
export const askForHelp = (
  db: Db,
  viewer: Viewer,
  input: v.InferOutput<typeof helpedPerson>,
  now: Date,
): Promise<{ link: string }> =>
  asHolder(db, viewer, { token: input.token, version: null, now }, (trx, story) =>
    linkForSupporter(trx, viewer, { surface: story.id, person: input.person, by: story.hand }, now),
  )
