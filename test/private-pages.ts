import { defaultPolicy } from '#organisations/policy.ts'
import type { Db } from '#platform/server/db.ts'
import { filled, formsIn } from './forms.ts'
import { makeActivity } from './make.ts'
import { makeMember, makeOrganisation, makeSupported } from './organisations.ts'
import { linkIn, mailTo, send, type Site } from './site.ts'

/** Says something, comes along and tells a story under an address of its own, and answers the pages whose links were mailed. */
export async function privatePages(site: Site, db: Db): Promise<string[]> {
  const email = `${crypto.randomUUID()}@people.org`
  const { slug } = await makeActivity(db, { title: 'Somewhere with chairs' })
  const said = { kind: 'taster', when: 'day', day: '2027-10-20', where: 'online', email, title: 'Said' }
  await submit(site, '/activities/new', said)
  await submit(site, `/activities/${slug}/come`, { email })
  await submit(site, '/stories/new', { email, title: 'Told', body: 'It was.' })
  const host = await mailed(site, email, 'Please confirm: Said', '/edit/')
  const guest = await mailed(site, email, 'Somewhere with chairs', '/come/')
  const story = await mailed(site, email, 'Told', '/stories/edit/')
  await send(site, `${host}?/confirm`, {})
  await send(site, `${guest}?/confirm`, {})
  const steps = ['', '/change', '/co-host', '/dates', '/guests', '/report']
  return [...steps.map((step) => host + step), guest, `${guest}/stop`, story]
}

async function submit(site: Site, path: string, answers: Record<string, string>) {
  const html = await (await fetch(site.address + path)).text()
  const form = formsIn(path, html)[0]
  if (!form) throw new Error(`${path} has no form`)
  const { status } = await send(site, form.action, filled(form, answers))
  if (status >= 400) throw new Error(`${path} answered ${status}`)
}

const mailed = async (site: Site, email: string, subject: string, path: string): Promise<string> =>
  new URL(linkIn(await mailTo(site, email, subject), path)).pathname

/** Makes an organisation that an account leads, with people it supports, a form on paper and a version of its policy, and answers its pages. */
export async function organisationPages(db: Db, email: string): Promise<string[]> {
  const { id: account } = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', email)
    .executeTakeFirstOrThrow()
  const { id, slug } = await makeOrganisation(db, { name: 'A school with a long name, in a long street' })
  await db.insertInto('roles').values({ account, role: 'organisation-lead', organisation: id }).execute()
  await db.insertInto('members').values({ organisation: id, account, joined: new Date() }).execute()
  await makeMember(db, id, { name: `asks-${crypto.randomUUID()}` })
  await db
    .updateTable('members')
    .set({ joined: null })
    .where('account', '<>', account)
    .where('organisation', '=', id)
    .execute()
  const rules = JSON.stringify({ ...defaultPolicy('england'), delay: 20, purposes: ['celebrate'] })
  await db.insertInto('policies').values({ organisation: id, version: 1, rules }).execute()
  const person = await makeSupported(db, id, { label: 'Blue', colour: 'blue' })
  await makeSupported(db, id, { label: 'S.K.', ageBand: '13-15', nextChange: '2028-05-01' })
  const forms = await db
    .insertInto('paperForms')
    .values(
      ['With answers', 'Without'].map((title) => ({
        organisation: id,
        title,
        says: 'I agree.',
        dated: '2025-09-01',
        circle: 5,
        purposes: ['celebrate'],
        modes: ['face'],
      })),
    )
    .returning('id')
    .execute()
  const answer = { answer: 'yes', route: 'own', byWhom: 'self', signed: '2025-10-01' }
  await db
    .insertInto('paperAnswers')
    .values({ form: forms[0]?.id ?? '', supported: person, ...answer })
    .execute()
  const inside = [
    '',
    '/change',
    '/policy',
    '/policy/1',
    '/people',
    '/people/new',
    `/people/${person}`,
    '/forms',
    '/forms/new',
    ...forms.map((form) => `/forms/${form.id}`),
    `/forms/${forms[1]?.id}/change`,
    '/members',
  ]
  return inside.map((path) => `/desk/organisations/${slug}${path}`)
}
