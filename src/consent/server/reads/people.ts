import { lineage } from '#consent/about.ts'
import type { Assent, Id } from '#consent/events.ts'
import { partsOf, stateOf } from '#consent/server/surface.ts'
import type { Appearance, State } from '#consent/state.ts'
import { ageBands, type Circle, type Mode } from '#kernel/permission-words.ts'
import { dayOf } from '#kernel/times.ts'
import { reachOf, type PaperForm } from '#organisations/paper.ts'
import { bandOn, type Colour } from '#organisations/supported.ts'
import type { Db } from '#platform/server/db.ts'

/** What forms on paper say about a picture on public pages: they cover it, they do not reach so far, they say no; or somebody changed their mind since. */
export type PaperSays = 'covers' | 'less' | 'no' | 'changed'

/** Somebody whom a poster can tap. `key` is what the form sends: "person:…" or "supported:…". */
export type Tile = { key: string; label: string; colour: Colour | ''; paper: PaperSays | null }

export type EnteredForm = Pick<
  PaperForm,
  'id' | 'title' | 'circle' | 'purposes' | 'modes' | 'namesThisSite' | 'namesSocialMedia'
>
export type PeopleToChoose = { tiles: Tile[]; forms: EnteredForm[] }

/** How far a story's pictures go: the week's public pages. */
const publicPages: Circle = 5

/** Answers whom a poster can tap as being in a picture: those the organisation supports (for its members, whom the calling room has proven), with what their forms on paper say, and those already said on this surface; at most 300 of each. */
export async function peopleToChoose(
  db: Db,
  input: { surface: Id; organisation: Id | null },
  now: Date,
): Promise<PeopleToChoose> {
  const { surface, organisation } = input
  const [others, supported, paper, changed] = await Promise.all([
    othersOn(db, surface),
    organisation === null ? [] : supportedBy(db, organisation, now),
    organisation === null ? [] : answersIn(db, organisation, now),
    organisation === null ? new Set<Id>() : changedMinds(db, organisation),
  ])
  const tiles = supported.map(({ id, label, colour }): Tile => ({
    key: `supported:${id}`,
    label,
    colour,
    paper: changed.has(id) ? 'changed' : paperSays(paper.filter((answer) => answer.supported === id)),
  }))
  const known = others
    .filter(({ supported: of }) => of === null || !supported.some(({ id }) => id === of))
    .map(({ id, label }): Tile => ({ key: `person:${id}`, label, colour: '', paper: null }))
  return { tiles: [...tiles, ...known], forms: formsIn(paper) }
}

const othersOn = (db: Db, surface: Id) =>
  db
    .selectFrom('appearances as a')
    .innerJoin('peopleShown as p', 'p.id', 'a.person')
    .select(['p.id', 'p.label', 'p.supported'])
    .distinct()
    .where('a.surface', '=', surface)
    .where('p.forgotten', 'is', null)
    .orderBy('p.label')
    .limit(300)
    .execute()

async function supportedBy(db: Db, organisation: Id, now: Date) {
  const rows = await db
    .selectFrom('supportedPeople')
    .select(['id', 'label', 'colour', 'ageBand', 'nextChange'])
    .where('organisation', '=', organisation)
    .where('parted', 'is', null)
    .orderBy((on) => on.fn('lower', ['label']))
    .limit(300)
    .execute()
  const today = dayOf(now, 'UTC')
  return rows.map(({ id, label, colour, ageBand, nextChange }) => ({
    id,
    label,
    colour,
    ...bandOn({ ageBand: ageBands.find((band) => band === ageBand) ?? 'adult', nextChange }, today),
  }))
}

type Answer = EnteredForm & { supported: Id; answer: string }

async function answersIn(db: Db, organisation: Id, now: Date): Promise<Answer[]> {
  const today = dayOf(now, 'UTC')
  const rows = await db
    .selectFrom('paperAnswers as a')
    .innerJoin('paperForms as f', 'f.id', 'a.form')
    .select(['a.supported', 'a.answer', 'f.id', 'f.title', 'f.circle', 'f.purposes', 'f.modes'])
    .select(['f.namesThisSite', 'f.namesSocialMedia'])
    .where('f.organisation', '=', organisation)
    .where('f.ended', 'is', null)
    .where((on) => on.or([on('a.ends', 'is', null), on('a.ends', '>=', today)]))
    .orderBy('f.dated', 'desc')
    .limit(3000)
    .execute()
  return rows.map((row) => ({
    ...row,
    circle: row.circle,
    purposes: row.purposes,
    modes: row.modes,
  }))
}

/** Answers who of an organisation's people, at most 300, took back by a link all that anybody allowed for them, them themselves or who decides for them: no form on paper counts any more. */
export async function changedMinds(db: Db, organisation: Id): Promise<Set<Id>> {
  const rows = await db
    .selectFrom('peopleShown as p')
    .innerJoin('objections as o', 'o.person', 'p.id')
    .innerJoin('supportedPeople as s', 's.id', 'p.supported')
    .select('s.id')
    .distinct()
    .where('s.organisation', '=', organisation)
    .where('o.surface', 'is', null)
    .where('o.version', 'is', null)
    .where('o.paper', 'is', null)
    .where('o.ended', 'is', null)
    .where('o.whose', 'in', ['person', 'decider'])
    .limit(300)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

function paperSays(answers: readonly Answer[]): PaperSays | null {
  if (answers.length === 0) return null
  if (answers.some(({ answer }) => answer === 'no')) return 'no'
  const covers = (form: Answer): boolean =>
    reachOf(form) >= publicPages && form.purposes.includes('celebrate') && form.modes.includes('face')
  return answers.some(covers) ? 'covers' : 'less'
}

const formsIn = (answers: readonly Answer[]): EnteredForm[] => [
  ...new Map(
    answers.map(
      ({ id, title, circle, purposes, modes, namesThisSite, namesSocialMedia }): [Id, EnteredForm] => [
        id,
        { id, title, circle, purposes, modes, namesThisSite, namesSocialMedia },
      ],
    ),
  ).values(),
]

/** One person as they were said to be in a picture. */
export type SaidPerson = {
  key: string
  person: Id
  label: string
  modes: readonly Mode[]
  seen: Assent | null
}

/** Who was last said to be in one picture. `said` is false while nobody has said it of this very version. */
export type SaidIn = { version: Id; said: boolean; nobody: boolean; people: SaidPerson[] }

/** Answers who was last said to be in each picture on a surface, for its poster (whom the calling room has proven). What was covered begins with those who were in it before. */
export async function saidOn(db: Db, surface: Id): Promise<SaidIn[]> {
  const state = await stateOf(db, surface)
  const rows = await othersOn(db, surface)
  const byId = new Map([...state.appearances.values()].flat().map((one) => [one.id, one]))
  return partsOf(state, surface).flatMap(({ version }) => {
    if (version === null) return []
    const said = lineage(state, version)
      .map((step) => lastSaying(state, step))
      .find((one) => one !== undefined)
    const there = (said?.appearances ?? []).flatMap((id) => byId.get(id) ?? [])
    return {
      version,
      said: said?.version === version,
      nobody: said?.nobody ?? false,
      people: there.flatMap((one) => personIn(rows, one)),
    }
  })
}

const lastSaying = (state: State, version: Id) =>
  [...state.sayings.values()]
    .filter((one) => one.version === version)
    .toSorted((one, other) => other.n - one.n)[0]

function personIn(
  rows: readonly { id: Id; label: string; supported: Id | null }[],
  { person, modes, assent }: Appearance,
): SaidPerson[] {
  const row = rows.find(({ id }) => id === person)
  if (!row) return []
  const key = row.supported === null ? `person:${row.id}` : `supported:${row.supported}`
  return [{ key, person: row.id, label: row.label, modes, seen: assent }]
}
