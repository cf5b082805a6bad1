import { classifications, contactTypes, type Classification, type ContactType } from '#letters/directory.ts'
import type { JsonPiece } from '#letters/server/import/json-pieces.ts'
import {
  addressIn,
  dayIn,
  emailIn,
  fieldsOf,
  keyPart,
  noEmail,
  Unfit,
  type Piece,
  type Staged,
} from '#letters/server/import/staged.ts'

type Thing = Record<string, unknown>
type Row = Omit<Staged, 'line' | 'part'>
const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const thingIn = (thing: Thing, name: string): Thing | null => {
  const value = thing[name]
  return isThing(value) ? value : null
}
const thingsIn = (thing: Thing, name: string): Thing[] => {
  const value = thing[name]
  return Array.isArray(value) ? value.filter(isThing) : []
}
const wordIn = (thing: Thing, ...names: string[]): string | null => {
  for (const name of names) {
    const value = thing[name]
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    if (typeof value === 'number') return String(value)
  }
  return null
}

const words: readonly [RegExp, Classification][] = [
  [/parliament|legislature|chamber|assembly|senedd|house/, 'parliament'],
  [/party/, 'party'],
  [/council|local.?authority|borough|county/, 'council'],
  [/health|hospital|nhs/, 'health'],
  [/school|academy/, 'school'],
  [/trust/, 'trust'],
  [/charity/, 'charity'],
  [/regulator|ombuds/, 'regulator'],
  [/media|newspaper|broadcast/, 'media'],
  [/provider|company/, 'provider'],
]

/** Answers which sort of organisation a source means: by what it calls it, else by its name. */
export function classificationOf(said: string | null, name: string): Classification {
  const known = classifications.find((one) => one === said)
  if (known) return known
  const find = (where: string) => words.find(([fits]) => fits.test(where.toLowerCase()))?.[1]
  return find(said ?? '') ?? (said === null ? find(name) : undefined) ?? 'other'
}

const nationWords: readonly [RegExp, string][] = [
  [/\bnorthern ireland\b/i, 'northern-ireland'],
  [/\bscottish\b|\bscotland\b/i, 'scotland'],
  [/\bwelsh\b|\bwales\b|\bsenedd\b/i, 'wales'],
]
const nationOf = (name: string): string | null => nationWords.find(([fits]) => fits.test(name))?.[1] ?? null

/** Turns elements of a Popolo file into rows of the directory. `scheme` goes before every identifier of the source. */
export class Popolo {
  readonly scheme: string
  readonly nation: string | null
  constructor(scheme: string, nation: string | null) {
    this.scheme = scheme
    this.nation = nation
  }

  /** Answers the rows that one element becomes; what cannot be brought in is said with its place. Lists that are not of the directory (events…) become nothing. */
  rowsOf({ list, value, line }: JsonPiece): Piece {
    const make = this.#makers[list]
    if (!make || !isThing(value)) return { rows: [], leftOut: [] }
    this.#without = []
    try {
      const rows = make(value).map((row) => ({
        ...row,
        line,
        part: row.sort === 'contact' || (row.sort === 'area' && list !== 'areas'),
      }))
      return { rows, leftOut: this.#without.map((email) => noEmail(email, line)) }
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      return { rows: [], leftOut: [{ line, key: error.key, params: error.params }] }
    }
  }

  /** E-mails of the element in hand that are none. */
  #without: string[] = []

  readonly #makers: Record<string, (thing: Thing) => Row[]> = {
    areas: (thing) => this.#area(thing),
    organizations: (thing) => this.#organisation(thing),
    persons: (thing) => this.#person(thing),
    people: (thing) => this.#person(thing),
    posts: (thing) => this.#post(thing),
    memberships: (thing) => this.#membership(thing),
  }

  #key(sort: string, id: string): string {
    return `${this.scheme}:${sort}/${id}`
  }

  #idOf(thing: Thing): string {
    const id = wordIn(thing, 'id', '@id')
    if (id === null) throw new Unfit('directory.left.id')
    if (id.length > 300) throw new Unfit('directory.left.long', { field: 'id', most: 300 })
    return id
  }

  #named(thing: Thing, name: string | null): string {
    if (name === null) throw new Unfit('directory.left.name', { id: wordIn(thing, 'id') ?? '' })
    return name
  }

  #ref(thing: Thing, sort: string, name: string): string | undefined {
    const id = wordIn(thing, `${name}_id`) ?? wordIn(thingIn(thing, name) ?? {}, 'id')
    return id === null ? undefined : this.#key(sort, id)
  }

  #area(thing: Thing): Row[] {
    const id = this.#idOf(thing)
    const parent = this.#ref(thing, 'area', 'parent')
    const data = fieldsOf({
      name: { is: this.#named(thing, wordIn(thing, 'name')), most: 200 },
      classification: { is: wordIn(thing, 'classification', 'type'), most: 100 },
      parent: { is: parent, most: 400 },
      nation: { is: this.nation, most: 40 },
    })
    return [{ sort: 'area', key: this.#key('area', id), data }]
  }

  /** The area of a post, which some sources only name where it is used: the same name in another body is another area. */
  #areaOf(thing: Thing, inside: string): { key: string | undefined; rows: Row[] } {
    const said = this.#ref(thing, 'area', 'area')
    const area = thingIn(thing, 'area')
    const name = area === null ? null : wordIn(area, 'name')
    if (area === null || name === null) return { key: said, rows: [] }
    const key = said ?? this.#key('area', `${inside}/${keyPart(name)}`)
    const data = fieldsOf({ name: { is: name, most: 200 }, nation: { is: this.nation, most: 40 } })
    return { key, rows: [{ sort: 'area', key, data }] }
  }

  #organisation(thing: Thing): Row[] {
    const id = this.#idOf(thing)
    const name = this.#named(thing, wordIn(thing, 'name', 'label'))
    const key = this.#key('organisation', id)
    const area = this.#areaOf(thing, id)
    const data = fieldsOf({
      name: { is: name, most: 200 },
      classification: { is: classificationOf(wordIn(thing, 'classification'), name), most: 20 },
      area: { is: area.key, most: 400 },
      parent: { is: this.#ref(thing, 'organisation', 'parent'), most: 400 },
      nation: { is: this.nation ?? nationOf(name), most: 40 },
      ended: { is: dayIn(wordIn(thing, 'dissolution_date'), true), most: 10 },
    })
    return [...area.rows, { sort: 'organisation', key, data }, ...this.#contacts(thing, 'organisation', key)]
  }

  #person(thing: Thing): Row[] {
    const id = this.#idOf(thing)
    const key = this.#key('person', id)
    const redirect = wordIn(thing, 'redirect')
    if (redirect !== null) return [{ sort: 'redirect', key, data: { to: this.#key('person', redirect) } }]
    const main = mainName(thing)
    const data = fieldsOf({
      name: { is: this.#named(thing, nameIn(thing, main)), most: 200 },
      prefix: {
        is: main !== null && wordIn(main, 'lordname', 'lordofname') !== null ? null : prefixIn(thing, main),
        most: 60,
      },
      sort: { is: wordIn(thing, 'sort_name'), most: 200 },
    })
    return [{ sort: 'person', key, data }, ...this.#contacts(thing, 'person', key)]
  }

  #post(thing: Thing): Row[] {
    const id = this.#idOf(thing)
    const key = this.#key('post', id)
    const organisation = this.#ref(thing, 'organisation', 'organization')
    if (organisation === undefined) throw new Unfit('directory.left.organisation', { id })
    const area = this.#areaOf(thing, wordIn(thing, 'organization_id') ?? '')
    const data = fieldsOf({
      organisation: { is: organisation, most: 400 },
      label: { is: this.#named(thing, wordIn(thing, 'label', 'role', 'name')), most: 200 },
      role: { is: wordIn(thing, 'role'), most: 100 },
      area: { is: area.key, most: 400 },
      ended: { is: dayIn(wordIn(thing, 'end_date'), true), most: 10 },
    })
    return [...area.rows, { sort: 'post', key, data }, ...this.#contacts(thing, 'post', key)]
  }

  #membership(thing: Thing): Row[] {
    // One that was joined to another stands there with its address alone.
    if (wordIn(thing, 'redirect') !== null) return []
    const person = this.#ref(thing, 'person', 'person')
    if (person === undefined) throw new Unfit('directory.left.person', { id: wordIn(thing, 'id') ?? '' })
    const organisation = this.#ref(thing, 'organisation', 'organization')
    const post = this.#ref(thing, 'post', 'post')
    if (organisation === undefined && post === undefined) {
      throw new Unfit('directory.left.organisation', { id: wordIn(thing, 'id') ?? '' })
    }
    const start = dayIn(wordIn(thing, 'start_date'), false)
    const id =
      wordIn(thing, 'id') ??
      [person, post ?? organisation, wordIn(thing, 'role') ?? '', start ?? '']
        .map((one) => keyPart(one ?? ''))
        .join('/')
    const data = fieldsOf({
      person: { is: person, most: 400 },
      organisation: { is: organisation, most: 400 },
      post: { is: post, most: 400 },
      party: { is: this.#ref(thing, 'organisation', 'on_behalf_of'), most: 400 },
      role: { is: wordIn(thing, 'role', 'label'), most: 100 },
      start: { is: start, most: 10 },
      end: { is: dayIn(wordIn(thing, 'end_date'), true), most: 10 },
      reason: { is: wordIn(thing, 'end_reason'), most: 100 },
    })
    return [{ sort: 'membership', key: this.#key('membership', id), data }]
  }

  #contacts(thing: Thing, of: 'person' | 'post' | 'organisation', key: string): Row[] {
    const email = wordIn(thing, 'email')
    const details = thingsIn(thing, 'contact_details')
    const all = email === null ? details : [{ type: 'email', value: email }, ...details]
    const seen = new Map<string, number>()
    const known = new Set<string>()
    return all.flatMap((one) => {
      const type = typeOf(wordIn(one, 'type') ?? '')
      const given = wordIn(one, 'value')
      const value = given === null ? null : this.#valueOf(type, given)
      if (type === null || value === null || known.has(`${type} ${value.toLowerCase()}`)) return []
      known.add(`${type} ${value.toLowerCase()}`)
      const count = (seen.get(type) ?? 0) + 1
      seen.set(type, count)
      const data = fieldsOf({
        [of]: { is: key, most: 400 },
        type: { is: type, most: 20 },
        value: { is: value, most: 1000, lines: type === 'address' },
        label: { is: wordIn(one, 'label'), most: 200 },
        note: { is: wordIn(one, 'note'), most: 500 },
        from: { is: dayIn(wordIn(one, 'valid_from'), false), most: 10 },
        until: { is: dayIn(wordIn(one, 'valid_until', 'valid_through'), true), most: 10 },
      })
      return [{ sort: 'contact' as const, key: `${key}/${type}/${count}`, data }]
    })
  }

  #valueOf(type: ContactType | null, given: string): string | null {
    if (type === 'address') return addressIn(given)
    if (type !== 'email') return given
    const email = emailIn(given)
    if (email === null) this.#without.push(given)
    return email
  }
}

const typeOf = (said: string): ContactType | null => {
  const word = said.toLowerCase()
  const known = contactTypes.find((type) => type === word)
  if (known) return known
  if (/mail/.test(word)) return 'email'
  if (/phone|tel|cell|mobile/.test(word)) return 'voice'
  if (/post|address/.test(word)) return 'address'
  if (/form|url|web/.test(word)) return 'form'
  return /twitter|facebook|mastodon|bluesky|instagram|linkedin/.test(word) ? 'social' : null
}

/** Of several names the one that is used now: the main one that has not ended, else the one that began last. */
function mainName(person: Thing): Thing | null {
  const mains = thingsIn(person, 'other_names').filter(
    (one) => (wordIn(one, 'note') ?? 'Main').toLowerCase() === 'main',
  )
  const latest = (one: Thing): string =>
    `${wordIn(one, 'end_date') ?? '9999'} ${wordIn(one, 'start_date') ?? ''}`
  return mains.toSorted((a, b) => latest(b).localeCompare(latest(a)))[0] ?? null
}

const prefixIn = (person: Thing, main: Thing | null): string | null =>
  wordIn(main ?? {}, 'honorific_prefix') ?? wordIn(person, 'honorific_prefix')

function nameIn(person: Thing, main: Thing | null): string | null {
  const name = main ?? person
  const lord = wordIn(name, 'lordname')
  const of = wordIn(name, 'lordofname')
  const prefix = wordIn(name, 'honorific_prefix')
  if (lord !== null || of !== null) {
    return [prefix, lord, of === null ? null : `of ${of}`].filter(Boolean).join(' ')
  }
  const given = [wordIn(name, 'given_name'), wordIn(name, 'family_name', 'surname')].filter(Boolean)
  if (main !== null && given.length > 0) return given.join(' ')
  return wordIn(person, 'name') ?? wordIn(name, 'name') ?? (given.length > 0 ? given.join(' ') : null)
}
