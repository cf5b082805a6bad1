import { Readable } from 'node:stream'
import { bringInStep, previewStep } from '#letters/server/import/steps.ts'
import { bringInDirectory, giveDirectory } from '#letters/server/writes/directory-import.ts'
import { theSite } from '#kernel/viewer.ts'
import { connect } from '#platform/server/db.ts'
import type { Row } from './rows.ts'

const many = 75_000

/** As many memberships as a national source has of all times, with a person to every six. */
const source = (): string =>
  JSON.stringify({
    memberships: Array.from({ length: many }, (_, at) => ({
      id: `m/${at}`,
      person_id: `p/${at % 12_500}`,
      organization_id: 'house',
      start_date: '2001-01-01',
    })),
    organizations: [{ id: 'house', name: 'House' }],
    persons: Array.from({ length: 12_500 }, (_, at) => ({ id: `p/${at}`, name: `Person ${at}` })),
  })

/** Brings a large directory in, looked at first: how long that takes, and how many rows a second that is. */
export async function directoryRow(url: string): Promise<Row> {
  const db = connect(url, 2)
  try {
    const now = new Date()
    const from = {
      formKey: '',
      source: 'bench',
      link: 'https://example.org',
      licence: 'CC0',
      retrieved: '2027-10-01',
    }
    const bytes = Readable.from([Buffer.from(source())])
    const began = performance.now()
    const { id } = await giveDirectory(db, theSite, { ...from, bytes, quiet: true }, now)
    await previewStep(db, id)
    await bringInDirectory(db, theSite, { formKey: '', id, quiet: true }, now)
    await bringInStep(db, id, now)
    const seconds = (performance.now() - began) / 1000
    return {
      what: `directory import, ${many} memberships`,
      we: `${seconds.toFixed(1)} s, ${Math.round((many + 12_501) / seconds)} rows/s`,
      bar: '≤ 30 s',
      holds: seconds <= 30,
    }
  } finally {
    await db.destroy()
  }
}
