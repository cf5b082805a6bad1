import { missing } from '#kernel/refusal.ts'
import { organises, type Viewer } from '#kernel/viewer.ts'
import { mayReadOrganisation } from '#organisations/may.ts'
import type { Organisation, OwnOrganisation, Standing } from '#organisations/organisation.ts'
import type { Db } from '#platform/server/db.ts'

/** An organisation with how the viewer belongs to it. */
export type SeenOrganisation = Organisation & Pick<Standing, 'member'>

const nobody = '00000000-0000-0000-0000-000000000000'

const select = (db: Db, viewer: Viewer) =>
  db
    .selectFrom('organisations as o')
    .leftJoin('members as m', (on) =>
      on.onRef('m.organisation', '=', 'o.id').on('m.account', '=', viewer.account ?? nobody),
    )
    .select(['o.id', 'o.slug', 'o.name', 'o.type', 'o.country', 'o.nation', 'o.town', 'o.safeguardingLead'])
    .select(['o.state', 'o.reason', 'o.foundedBy', 'o.hidden', 'o.example', 'o.created', 'o.revision'])
    .select(['m.asked', 'm.joined', 'm.vetted'])
    .where('o.setAside', 'is', null)

type Row = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>
const seen = ({ asked, joined, vetted, ...row }: Row): SeenOrganisation => ({
  ...row,
  type: row.type,
  nation: row.nation,
  state: row.state,
  member: joined ? (vetted ? 'vetted' : 'joined') : asked ? 'asked' : null,
})

/** Answers an organisation by its address, or null when it is not there or not for this viewer. */
export async function organisationOf(db: Db, viewer: Viewer, slug: string): Promise<SeenOrganisation | null> {
  if (!/^[a-z0-9-]{1,80}$/.test(slug)) return null
  const row = await select(db, viewer).where('o.slug', '=', slug).executeTakeFirst()
  const found = row && seen(row)
  return found && mayReadOrganisation(viewer, found) ? found : null
}

/** Answers an organisation by its id as the viewer stands to it; refuses as missing when it is not there or not for them. */
export async function standingOf(db: Db, viewer: Viewer, id: string): Promise<SeenOrganisation> {
  if (!/^[0-9a-f-]{36}$/.test(id)) throw missing()
  const row = await select(db, viewer).where('o.id', '=', id).executeTakeFirst()
  const found = row && seen(row)
  if (!found || !mayReadOrganisation(viewer, found)) throw missing()
  return found
}

/** Answers the organisations that somebody leads or belongs to (at most 100), by name. One that they only asked to belong to is not told: nobody learns by asking which are here. */
export async function ownOrganisations(db: Db, viewer: Viewer): Promise<OwnOrganisation[]> {
  if (viewer.account === null) return []
  const led = viewer.roles.flatMap((role) =>
    role.role === 'organisation-lead' && role.organisation ? [role.organisation] : [],
  )
  const rows = await select(db, viewer)
    .where((on) =>
      on.or([
        on('m.joined', 'is not', null),
        on('o.id', 'in', led.length > 0 ? led : [nobody]),
        on.and([on('o.foundedBy', '=', viewer.account), on('o.state', '<>', 'agreed')]),
        on.and([on('o.foundedBy', '=', viewer.account), on('o.type', '=', 'family')]),
      ]),
    )
    .orderBy('o.name')
    .limit(100)
    .execute()
  return rows.map(seen).map((one) => ({
    id: one.id,
    slug: one.slug,
    name: one.name,
    type: one.type,
    state: one.state,
    hidden: one.hidden,
    example: one.example,
    vetted: one.member === 'vetted',
    leads: led.includes(one.id) || one.foundedBy === viewer.account,
  }))
}

/** How an organiser's list says an organisation: who founded it, and how many people lead it. */
export type ListedOrganisation = Organisation & {
  founder: { name: string; email: string } | null
  leads: number
}

/** Answers all organisations for organisers (at most 500): those that wait first, oldest first, then the others by name. */
export async function listOrganisations(db: Db, viewer: Viewer): Promise<ListedOrganisation[]> {
  if (!organises(viewer)) throw missing()
  const rows = await select(db, viewer)
    .leftJoin('accounts as f', 'f.id', 'o.foundedBy')
    .select(['f.name as founderName', 'f.email as founderEmail'])
    .select((on) =>
      on
        .selectFrom('roles')
        .select((count) => count.fn.countAll<number>().as('count'))
        .whereRef('roles.organisation', '=', 'o.id')
        .as('leads'),
    )
    .orderBy((on) => on('o.state', '<>', 'waiting'))
    .orderBy((on) => on.case().when('o.state', '=', 'waiting').then(on.ref('o.created')).end())
    .orderBy('o.name')
    .limit(500)
    .execute()
  return rows.map(({ leads, founderName, founderEmail, ...row }) => {
    const { member: _, ...organisation } = seen(row)
    const family = organisation.type === 'family' && founderEmail !== null
    return {
      ...organisation,
      founder: founderEmail === null ? null : { name: founderName ?? '', email: founderEmail },
      leads: (leads ?? 0) + Number(family),
    }
  })
}

export type WaitingOrganisation = Pick<Organisation, 'slug' | 'name' | 'type' | 'created' | 'example'>

/** Answers the organisations that wait for an organiser's yes, oldest first (at most 100). For organisers. */
export async function waitingOrganisations(db: Db, viewer: Viewer): Promise<WaitingOrganisation[]> {
  if (!organises(viewer)) throw missing()
  const rows = await db
    .selectFrom('organisations')
    .select(['slug', 'name', 'type', 'created', 'example'])
    .where('state', '=', 'waiting')
    .where('setAside', 'is', null)
    .orderBy('created')
    .limit(100)
    .execute()
  return rows
}
