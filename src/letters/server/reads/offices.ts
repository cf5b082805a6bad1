import { sql } from 'kysely'
import { saysAlready } from '#letters/address.ts'
import type { Db } from '#platform/server/db.ts'

/** An office, or a person in one, as a letter reaches it. */
export type Office = {
  ref: string
  person: string | null
  post: string | null
  organisation: string | null
  /** "Dr Patel, Chair, Leeds Learning Trust" */
  label: string
  /** "Dear Dr Patel" when the directory knows it. */
  salutation: string | null
  /** The contact whose address or e-mail is used; null when there is none. */
  contact: { address: string | null; email: string | null }
  address: string[] | null
  email: string | null
  language: string
  /** The last day of a pause that is on now. */
  pausedUntil: string | null
  /** Who it is, which post they hold, and where: the parts of the label. */
  name: string | null
  title: string | null
  inside: string | null
  /** The day on which somebody last saw that one of the ways to reach it works. */
  confirmed: string | null
}

type Row = {
  person: string | null
  post: string | null
  organisation: string | null
  name: string | null
  label: string | null
  postArea: string | null
  inside: string | null
  prefix: string | null
  salutation: string | null
  language: string | null
  addressContact: string | null
  address: string | null
  emailContact: string | null
  email: string | null
  pausedUntil: string | null
  confirmed: string | null
}

/** Of several ways to reach somebody, one that works comes before one nobody has tried; a broken one never. */
const reached = (type: 'address' | 'email') => sql`
  select contact.id, contact.value, contact.confirmed from directory_contacts contact
  where contact.type = ${sql.lit(type)}
    and contact.state in ('unverified', 'working', 'doubtful')
    and (contact.valid_until is null or contact.valid_until >= asked.today)
    and (contact.person = found.person or contact.post = found.post or contact.organisation = found.organisation)
  order by contact.person is null, contact.post is null,
    array_position(array['working', 'unverified', 'doubtful'], contact.state), contact.confirmed desc nulls last, contact.id
  limit 1`

/** The lines of an envelope: the person, the post, the body, then where they are; what the address says itself is not said twice. A post that is called by its ward alone is left out: on an envelope that is a place. */
function linesOf({ prefix, name, label, postArea, inside }: Row, address: string): string[] {
  const lines = address.split('\n').filter(Boolean)
  const person = name === null ? null : { words: name, line: [prefix, name].filter(Boolean).join(' ') }
  const post = label === null || label === postArea ? null : { words: label, line: label }
  const body = inside === null ? null : { words: inside, line: inside }
  let at = 0
  for (const part of [person, post, body]) {
    if (part === null) continue
    const said = lines.findIndex((line) => saysAlready([line], part.words))
    if (said < 0) lines.splice(at, 0, part.line)
    at = said < 0 ? at + 1 : Math.max(at, said + 1)
  }
  return lines
}

/** Answers offices by their references, in the order asked, with the best address and e-mail that is known of each: the person's own, else the post's, else the organisation's. What is not there, or has ended, is left out. */
export async function officesBy(db: Db, refs: readonly string[], now: Date): Promise<Office[]> {
  if (refs.length === 0) return []
  const { rows } = await sql<Row & { ref: string }>`
    with asked as (
      select ref, place, split_part(ref, ':', 1) as sort, split_part(ref, ':', 2)::uuid as id,
        ${now.toISOString().slice(0, 10)}::date as today
      from unnest(${refs}::text[]) with ordinality as given (ref, place)
    ), found as (
      select asked.*, member.person, coalesce(post.id, null) as post, organisation.id as organisation,
        person.name, person.honorific_prefix, person.salutation, post.label,
        (select area.name from directory_areas area where area.id = post.area) as post_area,
        organisation.name as inside,
        organisation.written_in as language
      from asked
      left join lateral (
        select m.person, m.post, m.organisation from directory_memberships m
        where ((asked.sort = 'person' and m.person = asked.id) or (asked.sort = 'post' and m.post = asked.id))
          and (m.end_date is null or m.end_date >= asked.today)
          and (m.start_date is null or m.start_date <= asked.today)
        order by m.start_date desc nulls last, m.id limit 1
      ) member on true
      left join directory_people person on person.id = member.person
      left join directory_posts post
        on post.id = case when asked.sort = 'post' then asked.id else member.post end
      left join directory_organisations organisation on organisation.id =
        case when asked.sort = 'organisation' then asked.id else coalesce(post.organisation, member.organisation) end
      where (post.id is not null or organisation.id is not null)
        and (post.ended is null or post.ended >= asked.today)
        and (organisation.ended is null or organisation.ended >= asked.today)
    )
    select found.ref, found.person, found.post, found.organisation, found.name, found.label, found.post_area, found.inside,
      found.honorific_prefix as prefix, found.salutation, found.language, address.id as address_contact, address.value as address,
      email.id as email_contact, email.value as email, pause.until as paused_until,
      greatest(address.confirmed, email.confirmed)::text as confirmed
    from found join asked on asked.ref = found.ref
    left join lateral (${reached('address')}) address on true
    left join lateral (${reached('email')}) email on true
    left join lateral (
      select max(to_day)::text as until from directory_pauses
      where organisation = found.organisation and from_day <= asked.today and to_day >= asked.today
    ) pause on true
    order by found.place`.execute(db)
  return rows.map((row) => ({
    ref: row.ref,
    person: row.person,
    post: row.post,
    organisation: row.organisation,
    label: [row.name, row.label, row.inside].filter(Boolean).join(', '),
    salutation: row.salutation,
    contact: { address: row.addressContact, email: row.emailContact },
    address: row.address === null ? null : linesOf(row, row.address),
    email: row.email?.toLowerCase() ?? null,
    language: row.language ?? 'en',
    pausedUntil: row.pausedUntil,
    name: row.name,
    title: row.label,
    inside: row.inside,
    confirmed: row.confirmed,
  }))
}
