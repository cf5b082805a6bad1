import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/server/db.ts'

/** An office that asked not to be written to, by one of its addresses. */
export type LeftAlone = { address: string; office: string | null; since: Date; reason: string | null }

type Whose = {
  address: string
  organisation: string | null
  post: string | null
  request: string | null
  since: Date
}

/** Answers the condition for all addresses of one office; of one that the directory does not know, those that came with one asking. */
export const sameOffice = ({
  address,
  organisation,
  post,
  request,
  since,
}: Whose): RawBuilder<boolean> => sql<boolean>`(
  address = ${address} or post is not distinct from ${post}::uuid and organisation is not distinct from ${organisation}::uuid
  and (${post ?? organisation}::uuid is not null or (request is not distinct from ${request}::uuid and since = ${since})))`

/** Answers the offices that asked not to be written to, each once however many addresses it has, the newest first; at most 100. */
export async function leftAloneOffices(db: Db): Promise<LeftAlone[]> {
  const { rows } = await sql<LeftAlone>`
    select min(d.address) as address, min(d.since) as since, min(d.reason) as reason,
      (select concat_ws(', ', post.label, organisation.name)
        from (select 1) one
        left join directory_posts post on post.id = d.post
        left join directory_organisations organisation
          on organisation.id = coalesce(d.organisation, post.organisation)) as office
    from do_not_write d
    group by d.post, d.organisation,
      case when coalesce(d.post, d.organisation) is null then coalesce(d.request::text, d.since::text) end
    order by min(d.since) desc
    limit 100`.execute(db)
  return rows
}
