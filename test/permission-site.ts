import { randomBytes, randomUUID } from 'node:crypto'
import sharp from 'sharp'
import type { Db } from '#platform/server/db.ts'
import { until } from './app.ts'
import { schoolPolicy } from './consent/stage.ts'
import { makeStory, makeStoryLink } from './make.ts'
import { makeMember, makeOrganisation, makeSupported } from './organisations.ts'
import { databaseOf, send, type Site } from './site.ts'

/** A school on a started product: a teacher who posts, somebody whose post was checked, and a class with forms on paper. */
export type School = {
  id: string
  slug: string
  teacher: { account: string; email: string }
  vetted: { account: string; email: string }
  lead: { account: string; email: string }
  /** By label: "S.K." said yes on a form that names this site, "A.M." on one that does not, "Blue star" said no. */
  people: Map<string, string>
}

async function member(db: Db, school: string, name: string, is: { vetted?: boolean; lead?: boolean } = {}) {
  const email = `${name}-${randomUUID().slice(0, 8)}@people.test`
  const { account } = await makeMember(db, school, { name: email.replace('@people.test', ''), ...is })
  if (account === null) throw new Error('A member has an account')
  await db.updateTable('accounts').set({ emailVerified: true }).where('id', '=', account).execute()
  return { account, email }
}

/** Makes a school with a policy that lets people decide about pictures here, and a class of five. */
export async function makeSchool(db: Db): Promise<School> {
  const { id, slug } = await makeOrganisation(db, { name: 'Hill School' })
  const rules = JSON.stringify(schoolPolicy)
  await db
    .insertInto('policies')
    .values({ organisation: id, version: 1, rules, created: '2026-01-01T00:00:00Z' })
    .execute()
  const people = new Map<string, string>()
  for (const [label, colour] of [
    ['S.K.', 'red'],
    ['A.M.', 'orange'],
    ['Blue star', 'blue'],
    ['T.', 'teal'],
    ['J.D.', ''],
  ] as const) {
    people.set(label, await makeSupported(db, id, { label, colour }))
  }
  await makePaper(db, { school: id, title: 'Photograph form 2026', names: true }, [
    [people.get('S.K.'), 'yes'],
    [people.get('Blue star'), 'no'],
  ])
  await makePaper(db, { school: id, title: 'Old blue form', names: false }, [[people.get('A.M.'), 'yes']])
  return {
    id,
    slug,
    teacher: await member(db, id, 'teacher'),
    vetted: await member(db, id, 'vetted', { vetted: true }),
    lead: await member(db, id, 'lead', { lead: true }),
    people,
  }
}

async function makePaper(
  db: Db,
  form: { school: string; title: string; names: boolean },
  answers: readonly (readonly [string | undefined, 'yes' | 'no'])[],
): Promise<void> {
  const { id } = await db
    .insertInto('paperForms')
    .values({
      organisation: form.school,
      title: form.title,
      says: 'Pictures of me may be shown.',
      dated: '2026-01-01',
      circle: 5,
      purposes: ['celebrate'],
      modes: ['face', 'body'],
      namesThisSite: form.names,
      namesSocialMedia: false,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const [supported = '', answer] of answers) {
    const route = answer === 'yes' ? 'own' : null
    await db
      .insertInto('paperAnswers')
      .values({ form: id, supported, answer, route, byWhom: 'self', signed: '2026-02-01', ends: null })
      .execute()
  }
}

/** Makes a story on the wall that a teacher told, by their account or by their address alone, and answers the word of its mailed link. */
export async function makeTold(
  db: Db,
  account: string | null,
  title: string,
  email: string | null = null,
): Promise<{ id: string; slug: string; token: string }> {
  const story = await makeStory(db, { title, account, email, published: '2026-11-01T12:00:00Z' })
  return { ...story, token: await makeStoryLink(db, story.id) }
}

/** Sends a photograph for a story by the plain form, and answers it once it lies there. */
export async function sendPhotograph(
  site: Site,
  story: { id: string; token: string; cookie?: string },
): Promise<string> {
  const here = `/stories/edit/${story.token}/pictures`
  const headers: Record<string, string> = story.cookie === undefined ? {} : { cookie: story.cookie }
  const html = await (await fetch(site.address + here, { headers })).text()
  const form = new FormData()
  form.set('pass', /name="pass" value="([^"]+)"/.exec(html)?.[1] ?? '')
  form.set('return', here)
  form.append('files', new File([new Uint8Array(await aPhotograph())], 'a.jpg'))
  await send(site, '/upload/form', form, headers)
  const db = databaseOf(site, 1)
  let version = ''
  await until('the photograph lies on its story', async () => {
    const row = await db
      .selectFrom('placements as p')
      .innerJoin('versions as v', 'v.id', 'p.version')
      .select('v.id')
      .where('p.surface', '=', story.id)
      .where('v.state', '=', 'made')
      .executeTakeFirst()
    version = row?.id ?? ''
    return version !== ''
  })
  await db.destroy()
  return version
}

/** A photograph like no other: what is like a withdrawn one is stopped. */
export const aPhotograph = (): Promise<Buffer> =>
  sharp(randomBytes(9 * 6 * 3), { raw: { width: 9, height: 6, channels: 3 } })
    .resize(900, 600, { kernel: 'nearest' })
    .jpeg()
    .toBuffer()
