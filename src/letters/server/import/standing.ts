import { sql, type RawBuilder } from 'kysely'
import type { Sort } from '#letters/directory.ts'

/** What stands in the directory, sort by sort, in the one shape in which a source is compared with it: its key, its fields without the empty ones, and the import that wrote it; of a contact also what no source says. */
const standing: Record<Sort, RawBuilder<unknown>> = {
  area: sql`select a.key, a.import, null::jsonb as kept, jsonb_strip_nulls(jsonb_build_object('name', a.name,
      'classification', a.classification, 'parent', parent.key, 'nation', a.nation)) as data
    from directory_areas a left join directory_areas parent on parent.id = a.parent`,
  organisation: sql`select o.key, o.import, null::jsonb as kept, jsonb_strip_nulls(jsonb_build_object('name', o.name,
      'classification', o.classification, 'area', area.key, 'parent', parent.key, 'nation', o.nation,
      'ended', o.ended)) as data
    from directory_organisations o left join directory_areas area on area.id = o.area
    left join directory_organisations parent on parent.id = o.parent`,
  person: sql`select p.key, p.import, null::jsonb as kept, jsonb_strip_nulls(jsonb_build_object('name', p.name,
      'prefix', p.honorific_prefix, 'sort', p.sort_name)) as data from directory_people p`,
  post: sql`select p.key, p.import, null::jsonb as kept, jsonb_strip_nulls(jsonb_build_object('organisation', o.key, 'label', p.label,
      'role', p.role, 'area', area.key, 'ended', p.ended)) as data
    from directory_posts p join directory_organisations o on o.id = p.organisation
    left join directory_areas area on area.id = p.area`,
  membership: sql`select m.key, m.import, null::jsonb as kept, jsonb_strip_nulls(jsonb_build_object('person', person.key,
      'organisation', o.key, 'post', post.key, 'party', m.on_behalf_of, 'role', m.role, 'start', m.start_date,
      'end', m.end_date, 'reason', m.end_reason)) as data
    from directory_memberships m join directory_people person on person.id = m.person
    left join directory_organisations o on o.id = m.organisation left join directory_posts post on post.id = m.post`,
  contact: sql`select c.key, c.import, jsonb_build_object('state', c.state, 'confirmed', c.confirmed,
      'source', c.source, 'licence', c.licence) as kept, jsonb_strip_nulls(jsonb_build_object('person', person.key, 'post', post.key,
      'organisation', o.key, 'type', c.type, 'value', c.value, 'label', c.label, 'note', c.note,
      'from', c.valid_from, 'until', c.valid_until)) as data
    from directory_contacts c left join directory_people person on person.id = c.person
    left join directory_posts post on post.id = c.post left join directory_organisations o on o.id = c.organisation`,
}

/** Answers the question for what stands in the directory of one sort: key, import, data, kept. */
export const standingOf = (sort: Sort): RawBuilder<unknown> => standing[sort]
