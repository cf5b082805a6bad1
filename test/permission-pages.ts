import { askedForm } from '#consent/asking.ts'
import type { Shown } from '#consent/permission.ts'
import { linkForSupporter, requestPermission } from '#consent/server/writes/asking.ts'
import { recordBestInterests } from '#consent/server/writes/best-interests.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { recordAuthority, recordCapacity } from '#consent/server/writes/records.ts'
import { noteSign } from '#consent/server/writes/signs.ts'
import { objectObserved } from '#consent/server/writes/withdrawing.ts'
import { noteDeath } from '#consent/server/writes/people.ts'
import { answerAsSteward, nameSteward } from '#consent/server/writes/stewards.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import type { Route } from '#kernel/permission-words.ts'
import { anybody, type Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import { asking, deciding, makePicture, viewerOf } from './consent/stage.ts'
import { makeMember } from './organisations.ts'
import { makeTold } from './permission-site.ts'

const labels = ['S.K.', 'Blue star', 'A.M.', 'T.', 'J.D.', 'Orange', 'M.B.', 'R.R.', 'P.', 'Green moon']
const long = 'The one with the long, long label of 40 l'.slice(0, 40)

/** A form that is sent as it stands, and comes back with what is missing. */
export type Mistake = { path: string; form: string }

/** Twelve people in one photograph of a story of the example's school, each asked in another way, and what there is to see of it: by links alone, and signed in as a lead. */
export async function permissionPages(
  db: Db,
): Promise<{ own: string[]; desk: string[]; mistakes: Mistake[] }> {
  const now = new Date()
  const { id: school } = await db
    .selectFrom('organisations')
    .select('id')
    .where('slug', '=', 'beck-view-school')
    .executeTakeFirstOrThrow()
  const name = crypto.randomUUID().slice(0, 8)
  const { account: by } = await makeMember(db, school, { name: `posts-${name}` })
  const { account: checker } = await makeMember(db, school, { name: `checks-${name}`, vetted: true })
  if (by === null || checker === null) throw new Error('Members have accounts')
  const poster = await viewerOf(db, by)
  const story = await makeTold(db, by, `Twelve people and a drum ${name}`)
  const surface = story.id
  const place = async (words: string) => {
    const { version } = await makePicture(db, { surface, words })
    const placing = { surface, type: 'story', version, circle: 5, purpose: 'celebrate' } as const
    await placeVersion(
      db,
      poster,
      { ...placing, modifiers: [], organisation: school, notBefore: null, by },
      now,
    )
    return version
  }
  const [version, unsaid] = [await place('Twelve people around a drum.'), await place('')]
  const grown = (label: string): Shown => ({
    who: { label, ageBand: 'adult', nextChange: null },
    modes: ['face', 'body'],
    names: [],
    seen: null,
  })
  const child: Shown = {
    ...grown('Little dot'),
    who: { label: 'Little dot', ageBand: '13-15', nextChange: '2029-05-01' },
    seen: 'yes',
  }
  const people = [...labels, long].map(grown)
  const saying = { surface, version, people: [...people, child], nobody: false, by }
  const { said, people: ids } = await sayWhoIsIn(db, poster, saying, now)
  await checkWhoIsIn(db, await viewerOf(db, checker), { said, wrong: [], covered: [] }, now)
  await askForCircle(db, poster, { surface, circle: 5, by }, now)
  const waiting = { surface, version: await place('Two people.'), nobody: false, by }
  /** Of whom only a form on paper is known, signed by all parents. */
  const { supported } = await db
    .selectFrom('paperAnswers as a')
    .innerJoin('supportedPeople as s', 's.id', 'a.supported')
    .select('a.supported')
    .where('s.organisation', '=', school)
    .where('a.byWhom', '=', 'all-parents')
    .executeTakeFirstOrThrow()
  const onPaper: Shown = { ...grown(''), who: { supported }, seen: 'yes' }
  const unchecked = await sayWhoIsIn(db, poster, { ...waiting, people: [onPaper, grown('K.L.')] }, now)
  const [paperOnly = ''] = unchecked.people
  const [first = '', second = '', third = ''] = ids
  const small = ids.at(-1) ?? ''
  const ask = (person: string, route: Route, holder: string | null = null) =>
    requestPermission(
      db,
      poster,
      { ...asking({ surface, person, by, route, circle: route === 'own' ? 6 : 5 }), holder },
      now,
    )
  const open = await ask(first, 'own')
  const answered = await ask(second, 'own')
  const refused = await ask(third, 'own')
  for (const [asked, answer] of [
    [answered, 'yes'],
    [refused, 'no'],
  ] as const) {
    const form = askedForm(
      { voice: 'you', circle: 5, beyond: 'asked', label: 'S.K.', until: '24 October 2028' },
      'en',
    )
    const given = {
      circle: answer === 'yes' ? (6 as const) : null,
      modifiers: [],
      seen: null,
      formHash: null,
      formKey: '',
      form,
    }
    await decide(db, anybody, { ...given, token: asked.token, permission: asked.permission, answer }, now)
  }
  const parent = await ask(small, 'parents', 'mother')
  const attorney = await ask(ids.at(-2) ?? '', 'attorney')
  /** Decided by a paper that nobody else has seen, and in somebody's best interests with nobody independent yet. */
  const [byPaper, inInterest] = [ids.at(-3) ?? '', ids.at(-4) ?? '']
  const lead = await viewerOf(
    db,
    (await makeMember(db, school, { name: `leads-${name}`, lead: true })).account ?? '',
  )
  const paper = {
    welfare: true,
    registered: true,
    sighted: false,
    starts: '2026-01-01',
    ends: null,
    words: 'Seen by nobody.',
  }
  await recordAuthority(db, lead, { person: byPaper, surface: null, ...paper }, now)
  const help = async (person: string) =>
    (await linkForSupporter(db, poster, { surface, person, by }, now)).token
  const adult = ids[3] ?? ''
  const lacks = { outcome: 'lacks' as const, review: '2029-05-01', words: 'Asked three times.' }
  const vetted = await viewerOf(db, checker)
  for (const person of [byPaper, inInterest])
    await recordCapacity(db, vetted, { person, surface, ...lacks }, now)
  const byAttorney = { ...deciding(await ask(byPaper, 'attorney')), seen: 'no-sign' as const }
  await decide(db, anybody, byAttorney, now)
  const { record: decision } = await recordBestInterests(
    db,
    lead,
    {
      person: inInterest,
      surface,
      versions: [version],
      circle: 5,
      purposes: ['celebrate'],
      modes: ['face', 'body'],
      modifiers: [],
      consulted: 2,
      seen: 'no-sign',
      review: '2029-05-01',
      words: 'It is good for them.',
    },
    now,
  )
  await recordCapacity(db, vetted, { person: adult, surface, ...lacks }, now)
  const written = [
    ...['capacity', 'authority', 'decision'].map((sort) => ({ sort, of: adult })),
    ...['competence', 'holders'].map((sort) => ({ sort, of: small })),
  ]
  const helped = { [adult]: await help(adult), [small]: await help(small) }
  const writing = written.map(({ sort, of }) => `/consent/${helped[of]}/records?write=${sort}`)
  /** Who holds parental responsibility is known already: that form comes filled in. */
  const empty = (path: string) => !path.endsWith('holders')
  const shown = '/desk/organisations/beck-view-school/shown'
  const supporter = await linkForSupporter(db, poster, { surface, person: first, by }, now)
  await noteSign(db, anybody, { token: supporter.token, sign: 'no', formKey: '' }, now)
  const tap = { token: '', person: third, surface: null, version: null, seen: 'Turns away', formKey: '' }
  await objectObserved(db, await viewerOf(db, checker), tap, now)
  const { id: no } = await db
    .selectFrom('objections')
    .select('id')
    .where('person', '=', third)
    .where('whose', '=', 'observed')
    .executeTakeFirstOrThrow()
  /** Two who have died: of one nothing was answered yet, of the other it stays taken down. */
  const died = await mourned(db, { poster, lead, checker: vetted, school, by }, now)
  const screens = (token: string, words: readonly string[]) =>
    words.map((screen) => `/consent/${token}?screen=${screen}`)
  const told = `/stories/edit/${story.token}`
  const asked = (person: string, answers: string) => `${told}/ask/${person}?${answers}`
  const records = ['capacity', 'authority', 'died'].map((sort) => `?write=${sort}`)
  return {
    own: [
      ...died.own,
      `${told}/pictures`,
      `${told}/pictures/${version}`,
      `${told}/pictures/${version}?more`,
      `${told}/pictures/${unsaid}`,
      `${told}/ask/${first}`,
      asked(first, 'who=theirs'),
      asked(first, 'who=theirs&age=said'),
      asked(first, 'who=theirs&age=said&sent=decides'),
      asked(first, 'who=theirs&age=said&decides=others'),
      ...['paper', 'nobody'].map((word) => asked(first, `who=theirs&age=said&decides=others&by=${word}`)),
      asked(first, 'who=theirs&age=said&decides=self'),
      asked(first, 'who=died'),
      asked(small, 'who=theirs&age=said&decides=others'),
      asked(paperOnly, 'who=theirs&age=said&decides=others'),
      asked(small, 'who=theirs&age=said&decides=self'),
      ...screens(open.token, ['see', 'who', 'who&circle=6', 'ask', 'ask&circle=6', 'done']),
      ...screens(answered.token, ['done', 'copy']),
      `/consent/${refused.token}`,
      ...screens(parent.token, ['shows', 'ask']),
      ...screens(attorney.token, ['who', 'ask']),
      ...screens(supporter.token, ['see', 'done']),
      `/consent/${supporter.token}/records`,
    ],
    desk: [
      ...died.desk,
      `/desk/pictures/${unchecked.said}`,
      `/desk/pictures/no/${no}`,
      `/desk/pictures/back/${surface}`,
      `/desk/pictures/paper/${surface}`,
      `/desk/pictures/look/${decision}`,
      ...['', `/${first}`, `/${adult}`, `/${small}`, `/${paperOnly}`].map((part) => shown + part),
      ...writing,
      ...['', ...records].map((part) => `/consent/${supporter.token}/records${part}`),
    ],
    mistakes: [
      ...died.mistakes,
      ...writing.filter(empty).map((path) => ({ path, form: 'form[method=post]' })),
      ...written
        .filter(({ sort }) => empty(sort))
        .map(({ sort, of }) => ({ path: `${shown}/${of}`, form: `form[action="?/${sort}"]` })),
      ...['read', 'died', 'forget'].map((press) => ({
        path: `${shown}/${adult}`,
        form: `form[action="?/${press}"]`,
      })),
      { path: `/desk/pictures/back/${surface}`, form: 'form[method=post]' },
      { path: `/desk/pictures/no/${no}`, form: 'form[method=post]' },
    ],
  }
}

type Mourning = { poster: Viewer; lead: Viewer; checker: Viewer; school: string; by: string }

/** What there is to see of somebody who has died: for whoever opens their link, for their family, and for whoever may ask the family. */
async function mourned(
  db: Db,
  { poster, lead, checker, school, by }: Mourning,
  now: Date,
): Promise<{ own: string[]; desk: string[]; mistakes: Mistake[] }> {
  const [own, desk]: [string[], string[]] = [[], []]
  for (const answer of [null, 'as-allowed', 'keep-down'] as const) {
    const { id: surface } = await makeTold(db, by, 'She led the song')
    const { version } = await makePicture(db, { surface, words: 'Somebody sings.' })
    const placing = { surface, type: 'story', version, circle: 5, purpose: 'celebrate' } as const
    const placed = { ...placing, modifiers: [], organisation: school, notBefore: null, by }
    await placeVersion(db, poster, placed, now)
    const who = { label: `M.${(answer ?? 'n').slice(0, 1)}.`, ageBand: 'adult' as const, nextChange: null }
    const shown: Shown = { who, modes: ['face', 'body'], names: [], seen: 'yes' }
    const saying = { surface, version, people: [shown], nobody: false, by }
    const { said, people } = await sayWhoIsIn(db, poster, saying, now)
    await checkWhoIsIn(db, checker, { said, wrong: [], covered: [] }, now)
    await askForCircle(db, poster, { surface, circle: 5, by }, now)
    const person = people[0] ?? ''
    const asked = await requestPermission(db, poster, asking({ surface, person, by }), now)
    await decide(db, anybody, deciding(asked), now)
    await noteDeath(db, lead, { person }, now)
    const { link } = await nameSteward(db, lead, { person, called: 'sister', formKey: '' }, now)
    const token = link.slice(-32)
    if (answer !== null) await answerAsSteward(db, anybody, { token, answer, formKey: '' }, now)
    const screens = answer === 'keep-down' ? ['done'] : ['see', 'ask', 'sure', 'done']
    own.push(...screens.map((screen) => `/consent/family/${token}?screen=${screen}`))
    if (answer === null) own.push(`/consent/${asked.token}`)
    desk.push(`/desk/pictures/family/${person}`, `/desk/organisations/beck-view-school/shown/${person}`)
    if (answer === null) desk.push(`/consent/${asked.token}/records`)
  }
  const [first = ''] = desk
  return { own, desk, mistakes: [{ path: first, form: 'form[action="?/link"]' }] }
}
