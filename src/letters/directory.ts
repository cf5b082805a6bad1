import * as v from 'valibot'
import { formKey, line, maybeLine, maybeOneOf, maybeUrl, oneOf } from '#kernel/input.ts'
import { nations } from '#kernel/permission-words.ts'

/** What a row of the directory is, in the order in which an import writes them: each only names those before it. */
export const sorts = ['area', 'organisation', 'person', 'post', 'membership', 'contact'] as const
export type Sort = (typeof sorts)[number]

/** What an office belongs to. */
export const classifications = [
  'parliament',
  'council',
  'health',
  'trust',
  'school',
  'provider',
  'charity',
  'regulator',
  'media',
  'party',
  'other',
] as const
export type Classification = (typeof classifications)[number]

export const contactTypes = ['address', 'email', 'voice', 'form', 'social'] as const
export type ContactType = (typeof contactTypes)[number]

/** How far a way to reach somebody is trusted. One that is replaced or withdrawn is not used any more. */
export const contactStates = ['unverified', 'working', 'doubtful', 'broken', 'replaced', 'withdrawn'] as const
export type ContactState = (typeof contactStates)[number]

const contactSteps: Record<ContactState, readonly ContactState[]> = {
  unverified: ['working', 'doubtful', 'broken', 'replaced', 'withdrawn'],
  working: ['working', 'doubtful', 'broken', 'replaced', 'withdrawn'],
  doubtful: ['working', 'broken', 'replaced', 'withdrawn'],
  broken: ['working', 'replaced', 'withdrawn'],
  replaced: [],
  withdrawn: [],
}

/** Answers whether what is said of a way to reach somebody may become something else: what was replaced or withdrawn stays so. */
export const mayBecome = (from: ContactState, to: ContactState): boolean => contactSteps[from].includes(to)

/** The largest file that is brought in, in megabytes and bytes. */
export const mostMegabytes = 100
export const mostBytes = mostMegabytes * 1024 * 1024

export const importStates = ['reading', 'failed', 'previewed', 'doing', 'done', 'undoing', 'undone'] as const
export type ImportState = (typeof importStates)[number]

/** What becomes of one row. */
export const changeKinds = ['new', 'changed', 'ended'] as const
export type ChangeKind = (typeof changeKinds)[number]
export type Counts = Partial<Record<Sort, Record<ChangeKind | 'same', number>>>

/** What a row can say, as imports name it. */
export const changeFields = [
  'name',
  'classification',
  'parent',
  'area',
  'nation',
  'organisation',
  'post',
  'person',
  'label',
  'role',
  'party',
  'prefix',
  'sort',
  'type',
  'value',
  'note',
  'start',
  'end',
  'from',
  'until',
  'ended',
  'reason',
  'id',
] as const
export type ChangeField = (typeof changeFields)[number]

/** Why a row is not brought in, or something of it. */
export const leftReasons = [
  'columns',
  'day',
  'email',
  'id',
  'long',
  'loose',
  'name',
  'no-body',
  'organisation',
  'person',
  'twice',
] as const
export type LeftKey = `directory.left.${(typeof leftReasons)[number]}`

/** A row that is not brought in: where it stands, and why. */
export type LeftOut = {
  line: number
  key: LeftKey
  params: Record<string, string | number>
  /** The rest of the row comes in. */
  part?: boolean
}
/** So many of them are shown; all are counted. */
export const mostLeftOutShown = 200

/** The last address of an office: "post:…", "person:…" or "organisation:…". */
export const refPattern = /^(post|person|organisation):[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const isDay = (words: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(words) && !Number.isNaN(Date.parse(`${words}T00:00:00Z`))

/** A day that must be there. */
export const day = v.pipe(line(10), v.check(isDay, 'directory.day'))

/** Where a file comes from: asked before it is read, for whoever is written to may ask how we know them. */
export const sourceInput = v.object({
  formKey,
  source: line(300),
  link: v.pipe(
    maybeUrl,
    v.check((link) => link !== null, 'input.needed'),
    v.transform((link) => link ?? ''),
  ),
  licence: line(200),
  retrieved: day,
})
export type SourceInput = v.InferOutput<typeof sourceInput>

export const importPress = v.object({ formKey, id: v.pipe(line(36), v.uuid('input.choose')) })

/** Columns of a table of people who decide. */
export const columns = [
  'organisation',
  'code',
  'area',
  'name',
  'givenName',
  'familyName',
  'role',
  'party',
  'email',
  'phone',
  'address',
  'address2',
  'address3',
  'address4',
  'town',
  'county',
  'postcode',
  'id',
] as const
export type Column = (typeof columns)[number]

/** What somebody answered about a table: which column is what (counted from 0), and what holds for all its rows. */
export type Choices = {
  columns: Partial<Record<Column, number>>
  classification: Classification
  nation: string | null
  role: string | null
}

const columnAt = v.pipe(
  maybeLine(3),
  v.check((at) => at === null || /^\d+$/.test(at), 'input.choose'),
  v.transform((at) => (at === null ? null : Number(at))),
)

export const choicesInput = v.pipe(
  v.object({
    id: v.pipe(line(36), v.uuid('input.choose')),
    organisation: columnAt,
    code: columnAt,
    area: columnAt,
    name: columnAt,
    givenName: columnAt,
    familyName: columnAt,
    role: columnAt,
    party: columnAt,
    email: columnAt,
    phone: columnAt,
    address: columnAt,
    address2: columnAt,
    address3: columnAt,
    address4: columnAt,
    town: columnAt,
    county: columnAt,
    postcode: columnAt,
    idColumn: columnAt,
    classification: oneOf(classifications),
    nation: maybeOneOf(nations),
    roleWord: maybeLine(100),
  }),
  v.forward(
    v.check((form) => form.organisation !== null, 'directory.columns.organisation'),
    ['organisation'],
  ),
)
export type ChoicesInput = v.InferOutput<typeof choicesInput>
