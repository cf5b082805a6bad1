import organisationsJson from './example/organisations.json' with { type: 'json' }
import { textIn } from '#kernel/messages.ts'
import type { AgeBand, Circle, Mode, Nation, Purpose } from '#kernel/permission-words.ts'
import { addDays, dayOf } from '#kernel/times.ts'
import { routeOf, type PaperAnswer, type Signer } from '#organisations/paper.ts'
import { defaultPolicy, type Policy } from '#organisations/policy.ts'
import type { OrganisationType } from '#organisations/organisation.ts'
import type { Colour } from '#organisations/supported.ts'
import type { Trx } from '#platform/server/db.ts'

type Somebody = { name: string; email: string }
type SeedAnswer = {
  label: string
  answer: PaperAnswer['answer']
  byWhom: Signer
  signed: string
  endsInDays?: number
}
export type SeedOrganisation = {
  slug: string
  name: string
  type: OrganisationType
  country: string
  nation: Nation | null
  town: string
  safeguardingLead: string
  lead: Somebody
  vetted: Somebody[]
  /** What it says besides the strict rules and why the law allows it; null when it keeps to them. */
  policy: Partial<Policy> | null
  people: { label: string; colour: Colour | ''; ageBand: AgeBand; nextChange: string | null }[]
  forms: {
    title: string
    says: string
    dated: string
    circle: Circle
    purposes: Purpose[]
    modes: Mode[]
    /** Whether it says that it is for this site; else it reaches no further than the organisation. */
    namesThisSite?: boolean
    answers: SeedAnswer[]
  }[]
}

export const exampleOrganisations = organisationsJson as SeedOrganisation[]

/** Why the law allows it, as each lead of the example chose it. */
const why = {
  basis: textIn('en')('organisations.basis.consent'),
  condition: textIn('en')('organisations.condition.explicit'),
}

/** Fills in the organisations of the example, each with its lead, a vetted practitioner, people by colours or initials, and their forms on paper. */
export async function seedOrganisations(trx: Trx, now: Date): Promise<void> {
  for (const one of exampleOrganisations) {
    const lead = await seedAccount(trx, one.lead, now)
    const { slug, name, type, country, nation, town, safeguardingLead } = one
    const agreed = { state: 'agreed' as const, decided: now, foundedBy: lead, example: true, created: now }
    const { id } = await trx
      .insertInto('organisations')
      .values({ slug, name, type, country, nation, town, safeguardingLead, ...agreed })
      .returning('id')
      .executeTakeFirstOrThrow()
    await trx
      .insertInto('roles')
      .values({ account: lead, role: 'organisation-lead', organisation: id, created: now })
      .execute()
    await seedMember(trx, { organisation: id, account: lead, vetted: false }, now)
    for (const person of one.vetted)
      await seedMember(
        trx,
        { organisation: id, account: await seedAccount(trx, person, now), vetted: true },
        now,
      )
    const rules = JSON.stringify({ ...defaultPolicy(nation), ...why, ...one.policy })
    await trx
      .insertInto('policies')
      .values({ organisation: id, version: 1, rules, byAccount: lead, created: now })
      .execute()
    await seedPeople(trx, { id, lead }, one, now)
  }
}

async function seedAccount(trx: Trx, { name, email }: Somebody, now: Date): Promise<string> {
  const { id } = await trx
    .insertInto('accounts')
    .values({ name, email, example: true, created: now, updated: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

type Belongs = { organisation: string; account: string; vetted: boolean }
const seedMember = (trx: Trx, member: Belongs, now: Date) =>
  trx
    .insertInto('members')
    .values({ ...member, asked: now, joined: now })
    .execute()

async function seedPeople(
  trx: Trx,
  of: { id: string; lead: string },
  { nation, people, forms }: SeedOrganisation,
  now: Date,
): Promise<void> {
  const made = await trx
    .insertInto('supportedPeople')
    .values(people.map((person) => ({ ...person, organisation: of.id, created: now })))
    .returning(['id', 'label'])
    .execute()
  for (const form of forms) await seedForm(trx, { ...of, nation, people, made }, form, now)
}

type Class = {
  id: string
  nation: Nation | null
  lead: string
  people: SeedOrganisation['people']
  made: readonly { id: string; label: string }[]
}

async function seedForm(
  trx: Trx,
  { id: organisation, nation, lead, people, made }: Class,
  { answers, ...paper }: SeedOrganisation['forms'][number],
  now: Date,
): Promise<void> {
  const { id } = await trx
    .insertInto('paperForms')
    .values({ ...paper, organisation, enteredBy: lead, created: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  for (const { label, endsInDays, ...answer } of answers) {
    const supported = made.find((person) => person.label === label)?.id
    const ageBand = people.find((person) => person.label === label)?.ageBand
    if (supported === undefined || ageBand === undefined) throw new Error(`Nobody is called ${label}`)
    await trx
      .insertInto('paperAnswers')
      .values({
        ...answer,
        form: id,
        supported,
        route: routeOf(answer.byWhom, ageBand, nation),
        ends: endsInDays === undefined ? null : addDays(dayOf(now, 'UTC'), endsInDays),
        enteredBy: lead,
        entered: now,
      })
      .execute()
  }
}
