import { saysAlready } from '#letters/address.ts'
import type { Choices, Column } from '#letters/directory.ts'
import {
  addressIn,
  emailIn,
  fieldsOf,
  keyPart,
  noEmail,
  Unfit,
  type Piece,
  type Staged,
} from '#letters/server/import/staged.ts'

type Row = Omit<Staged, 'line' | 'part'>
type Cells = Partial<Record<Exclude<Column, 'email'>, string>> & { email: string | null }

/** The nation whose law counts where a body lies, by the first letter of its statistical code. */
const nations: Record<string, string> = {
  E: 'england',
  W: 'wales',
  S: 'scotland',
  N: 'northern-ireland',
}

/** Turns the rows of a table into rows of the directory: a body, its area, a post there, who holds it, and how they are reached. */
export class People {
  readonly scheme: string
  readonly choices: Choices
  constructor(scheme: string, choices: Choices) {
    this.scheme = scheme
    this.choices = choices
  }

  /** Answers what one row becomes; a row that cannot be brought in is said with its line. */
  rowsOf(cells: readonly string[], line: number): Piece {
    const named: Partial<Record<Column, string>> = {}
    for (const [column, at] of Object.entries(this.choices.columns) as [Column, number][]) {
      const words = (cells[at] ?? '').trim()
      if (words !== '') named[column] = words
    }
    const email = named.email === undefined ? null : emailIn(named.email)
    const without = named.email === undefined || email !== null ? [] : [noEmail(named.email, line)]
    try {
      const { rows, whose } = this.#rows({ ...named, email })
      return { rows: rows.map((row) => ({ ...row, line, part: row !== whose })), leftOut: without }
    } catch (error) {
      if (!(error instanceof Unfit)) throw error
      return { rows: [], leftOut: [{ line, key: error.key, params: error.params }] }
    }
  }

  /** Answers the rows, and the one that the others are about. */
  #rows(cells: Cells): { rows: Row[]; whose: Row } {
    const name =
      cells.name ?? ([cells.givenName, cells.familyName].filter(Boolean).join(' ').trim() || undefined)
    const body = this.#body(cells)
    const area = this.#area(cells, body)
    const post = this.#post(cells, body, area)
    const person = name === undefined ? null : this.#person(cells, name, body)
    const whose = person ?? post ?? body
    const rows = [body, area, post, person].filter((row) => row !== null)
    if (person !== null) rows.push(this.#membership(cells, person, post ?? body))
    return { rows: [...rows, ...contactsOf(cells, whose)], whose }
  }

  #body(cells: Cells): Row {
    if (cells.organisation === undefined) throw new Unfit('directory.left.no-body')
    const code = cells.code ?? null
    const gss = code !== null && /^[EWSN]\d{8}$/.test(code)
    const key = gss
      ? `gss:${code}`
      : `${this.scheme}:organisation/${keyPart(code ?? cells.organisation) || cells.organisation}`
    const data = fieldsOf({
      name: { is: cells.organisation, most: 200 },
      classification: { is: this.choices.classification, most: 20 },
      nation: { is: (gss ? nations[code.charAt(0)] : null) ?? this.choices.nation, most: 40 },
    })
    return { sort: 'organisation', key, data }
  }

  #area(cells: Cells, body: Row): Row | null {
    if (cells.area === undefined) return null
    const key = `${this.scheme}:area/${body.key}/${keyPart(cells.area) || cells.area}`
    const nation = body.data['nation']
    const data = fieldsOf({ name: { is: cells.area, most: 200 }, nation: { is: nation, most: 40 } })
    return { sort: 'area', key, data }
  }

  #post(cells: Cells, body: Row, area: Row | null): Row | null {
    const role = cells.role ?? this.choices.role ?? undefined
    const label = [role, cells.area].filter(Boolean).join(', ')
    if (label === '') return null
    const key = `${this.scheme}:post/${body.key}/${keyPart(label) || label}`
    const data = fieldsOf({
      organisation: { is: body.key, most: 400 },
      label: { is: label, most: 200 },
      role: { is: role, most: 100 },
      area: { is: area?.key, most: 400 },
    })
    return { sort: 'post', key, data }
  }

  #person(cells: Cells, name: string, body: Row): Row {
    // Without a number of its own somebody is known by their name, where they are.
    const who =
      cells.id === undefined
        ? [body.key, keyPart(cells.area ?? ''), keyPart(name) || name].join('/')
        : `id/${cells.id}`
    const data = fieldsOf({ name: { is: name, most: 200 } })
    return { sort: 'person', key: `${this.scheme}:person/${who}`, data }
  }

  #membership(cells: Cells, person: Row, inside: Row): Row {
    const data = fieldsOf({
      person: { is: person.key, most: 800 },
      [inside.sort]: { is: inside.key, most: 800 },
      party: { is: cells.party, most: 200 },
    })
    return { sort: 'membership', key: `${person.key}/in/${inside.key}`, data }
  }
}

function contactsOf(cells: Cells, whose: Row): Row[] {
  const make = (type: string, value: string): Row => ({
    sort: 'contact',
    key: `${whose.key}/${type}/1`,
    data: fieldsOf({
      [whose.sort]: { is: whose.key, most: 800 },
      type: { is: type, most: 20 },
      value: { is: value, most: 1000, lines: type === 'address' },
    }),
  })
  const rows: Row[] = []
  if (cells.email !== null) rows.push(make('email', cells.email))
  if (cells.phone !== undefined) rows.push(make('voice', cells.phone))
  const address = addressOf(cells)
  if (address !== '') rows.push(make('address', address))
  return rows
}

/** The address, in whatever columns it stands: from the body to the postcode, each once. */
function addressOf(cells: Cells): string {
  const first = cells.address === undefined ? [] : addressIn(cells.address).split('\n')
  const others = [cells.address2, cells.address3, cells.address4, cells.town, cells.county, cells.postcode]
  return others
    .flatMap((part) => (part === undefined ? [] : addressIn(part).split('\n')))
    .reduce((lines, part) => (saysAlready(lines, part) ? lines : [...lines, part]), first)
    .join('\n')
}
