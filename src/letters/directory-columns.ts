import { columns, type Choices, type Column } from '#letters/directory.ts'
import { plainWords } from '#kernel/words.ts'

const lineNames = (line: number): string[] =>
  ['address', 'address line', 'addr', 'line', 'street address', 'office address', 'contact address']
    .flatMap((name) => [`${name} ${line}`, `${name}${line}`])
    .concat(line === 2 ? ['street', 'street 2'] : [])
const firstLine = [...lineNames(1), 'building', 'address line', 'street address']

/** What people write over the columns of a table of those who decide. */
const names: Record<Column, readonly string[]> = {
  organisation: [
    'organisation',
    'organization',
    'council',
    'council name',
    'authority',
    'authority name',
    'local authority',
    'local authority name',
    'lad name',
    'body',
    'trust',
    'trust name',
    'board',
    'health board',
    'provider',
    'provider name',
    'school',
    'school name',
    'company',
    'organisation name',
    'organization name',
    'parliament',
    'legislature',
  ],
  code: [
    'gss',
    'gss code',
    'council gss code',
    'council gss',
    'authority code',
    'council code',
    'lad code',
    'local authority code',
    'organisation code',
    'organization code',
    'ods code',
    'ons code',
    'organisation id',
    'organization id',
    'council id',
  ],
  area: [
    'ward',
    'ward name',
    'division',
    'division name',
    'electoral division',
    'area',
    'area name',
    'constituency',
    'constituency name',
    'seat',
    'district',
    'region',
    'ward division',
  ],
  name: [
    'name',
    'full name',
    'fullname',
    'councillor',
    'councillor name',
    'member',
    'member name',
    'person',
    'person name',
    'contact',
    'contact name',
    'representative',
    'representative name',
    'display name',
  ],
  givenName: ['first name', 'firstname', 'given name', 'forename', 'first names', 'given names'],
  familyName: ['last name', 'lastname', 'surname', 'family name', 'second name'],
  role: ['role', 'post', 'position', 'title of post', 'job title', 'office', 'job'],
  party: ['party', 'party name', 'political party', 'group', 'political group', 'affiliation'],
  email: ['email', 'e mail', 'email address', 'e mail address', 'mail', 'council email', 'contact email'],
  phone: ['phone', 'telephone', 'tel', 'phone number', 'telephone number', 'work phone', 'council phone'],
  address: [
    'address',
    'postal address',
    'correspondence address',
    'contact address',
    'full address',
    'office address',
    'address for letters',
    ...firstLine,
  ],
  address2: lineNames(2),
  address3: lineNames(3),
  address4: lineNames(4),
  town: [
    'town',
    'city',
    'town city',
    'town or city',
    'post town',
    'posttown',
    'postal town',
    'locality',
    'address town',
  ],
  county: ['county', 'address county', 'state', 'province'],
  postcode: [
    'postcode',
    'post code',
    'postal code',
    'zip',
    'zip code',
    'zipcode',
    'address postcode',
    'eircode',
  ],
  id: ['id', 'person id', 'councillor id', 'member id', 'identifier', 'uid', 'unique id', 'reference'],
}

const byName = new Map<string, Column>(
  columns.flatMap((column) => names[column].map((name) => [name, column] as const)),
)

/** What stands in a column when its header does not say. */
const shapes: readonly { column: Column; fits: RegExp }[] = [
  { column: 'code', fits: /^[EWSN]\d{8}$/ },
  { column: 'postcode', fits: /^[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}$/i },
  { column: 'email', fits: /^[^@\s]+@[^@\s]+\.[^@\s]+$/ },
  { column: 'phone', fits: /^[+(0][\d\s()-]{8,}$/ },
]

/** Answers which column is what, by its header, and where that does not say by what stands below it in the first rows; what nobody could know is left open. */
export function guessColumns(
  headers: readonly string[],
  rows: readonly (readonly string[])[],
): Choices['columns'] {
  const found: Choices['columns'] = {}
  headers.forEach((header, at) => {
    const column = byName.get(plainWords(header.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2')))
    if (column !== undefined) found[column] ??= at
  })
  const taken = new Set(Object.values(found))
  for (const { column, fits } of shapes) {
    if (found[column] !== undefined) continue
    const at = headers.findIndex(
      (_, place) =>
        !taken.has(place) && rows.length > 0 && rows.every((row) => fits.test((row[place] ?? '').trim())),
    )
    if (at >= 0) {
      found[column] = at
      taken.add(at)
    }
  }
  return found
}

/** Answers what holds for a whole table until somebody says otherwise. */
export const guessChoices = (headers: readonly string[], rows: readonly (readonly string[])[]): Choices => {
  const found = guessColumns(headers, rows)
  const header = found.organisation === undefined ? '' : plainWords(headers[found.organisation] ?? '')
  const area = found.area === undefined ? '' : plainWords(headers[found.area] ?? '')
  return {
    columns: found,
    classification: kindIn(header) ?? (/ward|division/.test(area) ? 'council' : 'other'),
    nation: null,
    role: null,
  }
}

const kinds: readonly [RegExp, Choices['classification']][] = [
  [/council|authority|\blad\b/, 'council'],
  [/health/, 'health'],
  [/trust/, 'trust'],
  [/school/, 'school'],
  [/provider|company/, 'provider'],
  [/parliament|legislature/, 'parliament'],
]
const kindIn = (words: string): Choices['classification'] | null =>
  kinds.find(([fits]) => fits.test(words))?.[1] ?? null
