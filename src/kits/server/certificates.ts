import { reportOpensFor } from '#activities/server/reads/report.ts'
import { hostPage } from '#activities/server/reads/host.ts'
import { activityPage } from '#activities/server/reads/one.ts'
import { textIn, type Language } from '#kernel/messages.ts'
import { missing, Refusal } from '#kernel/refusal.ts'
import { sayDay } from '#kernel/times.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { plainWords } from '#kernel/words.ts'
import type { Thanks } from '#kits/certificate.ts'
import { pictureOf } from '#kits/server/make.ts'
import type { Db } from '#platform/server/db.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { keyedHash } from '#platform/server/tokens.ts'
import type { Typesetter } from '#platform/server/typeset.ts'
import { facesOf } from '#platform/server/typeset/faces.ts'
import { breakable } from '#platform/server/typeset/widths.ts'

const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** Answers the code of one certificate: the same activity and name always have the same, and nobody can tell either from it. */
export function certificateCode(activity: string, name: string): string {
  const bytes = Buffer.from(keyedHash(`certificate:${activity}:${plainWords(name) || name}`), 'base64url')
  const code = Array.from({ length: 8 }, (_, at) => letters[(bytes[at] ?? 0) % letters.length]).join('')
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

export type CertificatePlace = { title: string; slug: string; activity: string; day: string }

/** Answers what certificates of an activity can say, for its host by the word of their link; refuses with "conflict" before it has been held. */
export async function thanksFor(
  db: Db,
  of: { token: string; language: Language },
  now: Date,
): Promise<CertificatePlace> {
  const page = await hostPage(db, of.token, of.language, now)
  if (!page.confirmed || page.held) throw missing()
  const activity = await activityPage(db, page.slug, now, of.language)
  const { from, day } = await reportOpensFor(db, activity.id)
  if (activity.status === 'cancelled' || from > now) throw new Refusal('conflict', 'thanks.not-yet')
  return {
    title: activity.title,
    slug: page.slug,
    activity: activity.id,
    day: sayDay(day, of.language, true),
  }
}

export type CertificateOrder = Thanks & { token: string; site: string; language: Language }

/** Makes the certificates of everybody whom a host thanks, one page each, and keeps their codes; the names are kept nowhere. Made again they are the same. */
export async function makeCertificates(
  db: Db,
  typesetter: Typesetter,
  order: CertificateOrder,
  now: Date,
): Promise<Uint8Array> {
  const place = await thanksFor(db, order, now)
  const { week, drawing, kindName } = await activityPage(db, place.slug, now, order.language)
  const text = textIn(order.language)
  const all = order.names.map((name) => ({ name, code: certificateCode(place.activity, name) }))
  const printed = await typesetter.set({
    template: 'src/kits/server/certificate.typ',
    as: 'pdf',
    data: {
      title: text('certificate.title', { title: place.title }),
      lang: order.language,
      faces: facesOf(order.language),
      picture: pictureOf(drawing),
      drawn: text('kit.drawn', { what: kindName }),
      thanks: text('certificate.thanks'),
      words: breakable(text('certificate.words', { title: place.title })),
      when: place.day,
      week: await nameOfWeek(db, week),
      pages: all.map(({ name, code }) => ({
        // A name of its largest size has 19 ems.
        name: breakable(name, 17),
        check: text('certificate.check', { address: `${order.site}/certificates/${code}` }),
      })),
    },
  })
  if (!('bytes' in printed)) {
    const character = printed.unprintable[0] ?? ''
    const name = order.names.find((one) => one.includes(character)) ?? place.title
    throw new Refusal('invalid', 'thanks.unprintable', { character, name }, 'names')
  }
  await db
    .insertInto('certificates')
    .values(all.map(({ code }) => ({ code, activity: place.activity, made: now })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return printed.bytes
}

async function nameOfWeek(db: Db, year: number): Promise<string> {
  const row = await db.selectFrom('weeks').select('name').where('year', '=', year).executeTakeFirst()
  return row?.name ?? ''
}

/** Answers for what a certificate was made and on what day; "missing" for a code that never was. Of an activity that may not be read any more only that there was one. */
export async function certificateBy(
  db: Db,
  code: string,
  now: Date,
): Promise<{ made: Date; activity: { slug: string; title: string } | null; id: string }> {
  const row = await db
    .selectFrom('certificates as c')
    .innerJoin('activities as a', 'a.id', 'c.activity')
    .select(['c.made', 'c.activity', 'a.slug'])
    .where('c.code', '=', code.includes('\0') ? '' : code.toUpperCase())
    .executeTakeFirst()
  if (!row) throw missing()
  const page = await activityPage(db, row.slug, now).catch((error: unknown) => {
    if (error instanceof Refusal) return null
    throw error
  })
  return { made: row.made, id: row.activity, activity: page && { slug: page.slug, title: page.title } }
}

/** Answers whether a certificate thanks somebody of this name, however it is accented or spaced; at most thirty questions an hour from one place. */
export async function checkCertificate(
  db: Db,
  _viewer: Viewer,
  input: { code: string; name: string; from: string },
  now: Date,
): Promise<boolean> {
  await countOrRefuse(db, { name: 'certificate', of: input.from, most: 30, minutes: 60 }, now)
  const { id } = await certificateBy(db, input.code, now)
  return certificateCode(id, input.name) === input.code.toUpperCase()
}
