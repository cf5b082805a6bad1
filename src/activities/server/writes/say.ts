import { timingField, timingWords, type SayInput } from '#activities/form.ts'
import { unconfirmedKept } from '#activities/rsvp.ts'
import { plainActivity, type NewActivity, type NewPlace } from '#activities/say.ts'
import { lookUpTown } from '#activities/server/reads/towns.ts'
import { whenWhere, lockWhole } from '#activities/server/writes/change-state.ts'
import { firstState } from '#activities/server/writes/host.ts'
import { newHostLink } from '#activities/server/writes/host-link.ts'
import { placeActivity } from '#activities/server/writes/place.ts'
import { readTiming, type ReadTiming } from '#activities/timing.ts'
import { otherScript } from '#activities/where.ts'
import { groupBySlug } from '#groups/server/reads.ts'
import { day } from '#kernel/limits.ts'
import type { Language } from '#kernel/messages.ts'
import { Refusal, refuseAll } from '#kernel/refusal.ts'
import { dayOf } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { plainWords } from '#kernel/words.ts'
import { inTransaction, type Db, type Trx } from '#platform/server/db.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { queueMail } from '#platform/server/mail.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { currentWeek, kindsOf } from '#weeks/server/reads.ts'
import { weekState, wordsOf, type Kind, type Week } from '#weeks/week.ts'

/** Where somebody said it is, once its town is known, with that town's zone. */
type Found = { place: NewPlace | null; zone: string | null }

/** Says what somebody will do: keeps it unseen and mails a link to confirm it. Fills in a title and a country that were left empty. The same form pressed twice says it once. Thirty in an hour for one address, two hundred from one client. */
export async function sayActivity(
  db: Db,
  viewer: Viewer,
  input: SayInput & { client?: string; language?: Language },
  now: Date,
): Promise<{ slug: string }> {
  const { client, email } = input
  const often = { minutes: 60, says: 'say.too-often' } as const
  // Thirty teachers of one school sit behind one address, may share one e-mail, and each needs a few tries.
  if (client !== undefined)
    await countOrRefuse(db, { ...often, name: 'say-client', of: client, most: 200 }, now)
  await countOrRefuse(db, { ...often, name: 'say', of: email, most: 30 }, now)
  return inTransaction(db, (trx) =>
    onceOnly(trx, 'say', input.formKey, async () => {
      const week = await currentWeek(trx, now)
      const step = weekState(week, now).state
      if (!week || step === 'not-announced' || step === 'over') throw new Refusal('conflict', 'say.no-week')
      const made = await placeActivity(trx, await wholeOf(trx, viewer, { ...input, week }, now), now)
      await mailToConfirm(trx, { id: made.id, email: input.email }, now)
      return { slug: made.slug }
    }),
  )
}

type Asked = SayInput & { week: Week; language?: Language }

async function wholeOf(trx: Trx, viewer: Viewer, input: Asked, now: Date): Promise<NewActivity> {
  const language = input.language ?? 'en'
  const kind = await kindOf(trx, input)
  refuseAll(await mistakesOf(trx, { ...input, fresh: true }, now))
  const { place, zone } = await placeOf(trx, input, language)
  const read = timingOf({ ...input, fresh: true }, zone, now)
  const group = input.group === null ? null : await groupBySlug(trx, viewer, input.group)
  return {
    ...plainActivity,
    week: input.week.year,
    kind: kind.code,
    title: input.title ?? titleOf(kind, place?.town ?? null, language),
    mode: input.where === 'place' ? 'in-person' : input.where,
    timing: read.timing,
    later: read.later,
    place,
    group: group?.id ?? null,
    account: viewer.email === input.email ? viewer.account : null,
    language,
    hosts: [{ email: input.email, name: '', part: 'host', confirmed: null }],
  }
}

type WhenWhere = Parameters<typeof timingOf>[0] & Parameters<typeof placeOf>[1]

/** Answers all that is wrong with when and where, each at its field. Changes nothing. */
export async function mistakesOf(db: Db, input: WhenWhere, now: Date): Promise<Refusal[]> {
  const mistakes: Refusal[] = []
  const note = (error: unknown): null => {
    if (!(error instanceof Refusal)) throw error
    mistakes.push(error, ...error.others)
    return null
  }
  const found = await placeOf(db, input, input.language ?? 'en').catch(note)
  try {
    // Without the place nobody knows its clock: what has gone is then what has gone everywhere.
    const known = found !== null && (input.where !== 'place' || found.place !== null)
    timingOf(input, known ? found.zone : 'Etc/GMT+12', now)
  } catch (error) {
    note(error)
  }
  return mistakes
}

async function kindOf(trx: Trx, input: Asked): Promise<Kind> {
  const code = input.kind === 'other' ? (input.otherKind ?? 'other') : input.kind
  const kinds = await kindsOf(trx, input.week.year)
  const kind = kinds.find((one) => one.code === code && !one.retired)
  if (!kind) throw new Refusal('invalid', 'input.choose', {}, 'kind')
  return kind
}

/** Answers the title that a kind starts from: "Coffee morning in Leeds". */
export function titleOf(kind: Pick<Kind, 'titles' | 'names'>, town: string | null, language: string): string {
  const titles = kind.titles[language] ?? kind.titles['en']
  const title = town === null ? titles?.plain : titles?.withTown.replaceAll('{town}', town)
  return (title ?? wordsOf(kind.names, language)).slice(0, 120)
}

/** Answers where it is from the line that was written and the town that was chosen. Refuses at the field: a town that is not clear at `town`, a place not in the list without its country at `country`. */
export async function placeOf(
  db: Db,
  input: Pick<SayInput, 'where' | 'place' | 'town' | 'country' | 'private'>,
  language: Language,
): Promise<Found> {
  if (input.where !== 'place' || input.place === null) return { place: null, zone: null }
  const { words, town: clear, towns } = await lookUpTown(db, input.place, input.country, language)
  const same = { name: words.name, address: null, exact: false, private: input.private, details: null }
  if (input.town === 'other') {
    const country = input.country ?? words.country
    if (country === null) throw new Refusal('invalid', 'say.where.country', {}, 'country')
    return { place: { ...same, town: words.town, country, lat: null, lon: null }, zone: null }
  }
  const town = towns.find((one) => String(one.id) === input.town) ?? clear
  if (!town) {
    const unknown = otherScript(words.town) ? 'say.where.script' : 'say.where.unknown'
    throw new Refusal('invalid', towns.length > 0 ? 'say.where.which' : unknown, {}, 'town')
  }
  // "Central Library Leeds" in one piece: the town is Leeds, and all of it names the place.
  const [all, only] = [plainWords(words.town), plainWords(town.name)]
  const name = same.name ?? (all !== only && all.includes(only) ? words.town : null)
  return {
    place: { ...same, name, town: town.name, country: town.country, lat: town.lat, lon: town.lon },
    zone: town.zone,
  }
}

/** Answers when it is; refuses at the form's own fields. A `fresh` beginning must not have gone by its own clock. */
export function timingOf(
  input: Parameters<typeof timingWords>[0] & {
    week: Pick<Week, 'monday'>
    language?: Language
    fresh?: boolean
  },
  zone: string | null,
  now: Date,
): Extract<ReadTiming, { timing: unknown }> {
  const words = timingWords(input, zone)
  const read = readTiming(words, {
    monday: input.week.monday,
    // The last place on Earth whose day it still is decides what has gone.
    today: dayOf(now, 'Etc/GMT+12'),
    language: input.language ?? 'en',
    ...(input.fresh && { now }),
  })
  if ('timing' in read) return read
  refuseAll(
    read.mistakes.map(
      ({ key, params, field }) => new Refusal('invalid', key, params, timingField(input.when, field)),
    ),
  )
  throw new Error('A timing was refused without a mistake')
}

/** Queues the mail whose link confirms an activity, with what was said in it. */
export async function mailToConfirm(trx: Trx, host: { id: string; email: string }, now: Date): Promise<void> {
  const activity = await lockWhole(trx, host.id)
  const link = await newHostLink(
    trx,
    { activity: host.id, email: host.email, lastEnd: activity.lastEnd },
    now,
  )
  await queueMail(trx, {
    key: `activity-confirm:${host.id}`,
    address: host.email,
    name: 'activity-confirm',
    params: {
      ...(await whenWhere(trx, activity)),
      title: activity.title,
      days: unconfirmedKept / day,
      first: await firstState(trx, host.email),
      link,
      stopLink: link,
    },
    language: activity.language,
    urgency: 'answer',
    due: now,
  })
}
