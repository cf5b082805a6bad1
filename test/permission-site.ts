import { randomUUID } from 'node:crypto'
import type { Db } from '#platform/server/db.ts'
import { schoolPolicy } from './consent/stage.ts'
import { makeStory, makeStoryLink } from './make.ts'
import { makeMember, makeOrganisation, makeSupported } from './organisations.ts'

/** A school on a started product: a teacher who posts, somebody whose post was checked, and a class with forms on paper. */
export type School = {
  id: string
  teacher: { account: string; email: string }
  vetted: { account: string; email: string }
  /** By label: "S.K." said yes on a form that names this site, "A.M." on one that does not, "Blue star" said no. */
  people: Map<string, string>
}

async function member(db: Db, school: string, name: string, vetted: boolean) {
  const email = `${name}-${randomUUID().slice(0, 8)}@people.test`
  const { account } = await makeMember(db, school, { name: email.replace('@people.test', ''), vetted })
  if (account === null) throw new Error('A member has an account')
  await db.updateTable('accounts').set({ emailVerified: true }).where('id', '=', account).execute()
  return { account, email }
}

/** Makes a school with a policy that lets people decide about pictures here, and a class of five. */
export async function makeSchool(db: Db): Promise<School> {
  const { id } = await makeOrganisation(db, { name: 'Hill School' })
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
    teacher: await member(db, id, 'teacher', false),
    vetted: await member(db, id, 'vetted', true),
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
    const row = { form: id, supported, answer, route, byWhom: 'self', signed: '2026-02-01', ends: null }
    await db.insertInto('paperAnswers').values(row).execute()
  }
}

/** Makes a story on the wall that a teacher told, and answers the word of its mailed link. */
export async function makeTold(
  db: Db,
  account: string,
  title: string,
): Promise<{ id: string; slug: string; token: string }> {
  const story = await makeStory(db, { title, account, published: '2026-11-01T12:00:00Z' })
  return { ...story, token: await makeStoryLink(db, story.id) }
}
