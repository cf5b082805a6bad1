import { afterAll, beforeAll, expect, test } from 'vitest'
import * as v from 'valibot'
import { anybody } from '#kernel/viewer.ts'
import { mostNames, thanksForm } from '#kits/certificate.ts'
import {
  certificateBy,
  certificateCode,
  checkCertificate,
  makeCertificates,
  thanksFor,
} from '#kits/server/certificates.ts'
import { openTypesetter } from '#platform/server/typeset.ts'
import { testDatabase } from '../../test/db.ts'
import { makeActivity, makeHostLink } from '../../test/make.ts'
import { pagesOf, readPdf, tagsOf } from '../../test/pdf.ts'
import { makeVillage } from '../../test/village.ts'

const db = await testDatabase()
const now = new Date('2027-10-21T12:00:00Z')
const typesetter = openTypesetter({ atOnce: 1, seconds: 60, rest: 5 })
beforeAll(() => makeVillage(db))
afterAll(() => typesetter.stop())

async function held(over: Parameters<typeof makeActivity>[1] = {}) {
  const activity = await makeActivity(db, {
    startLocal: '2027-10-19T10:00',
    endLocal: '2027-10-19T12:00',
    hostEmail: 'host@example.org',
    ...over,
  })
  return { ...activity, token: await makeHostLink(db, activity.id) }
}
const make = async (token: string, names: string[], at = now) =>
  readPdf(
    await makeCertificates(
      db,
      typesetter,
      { token, names, site: 'https://week.example', language: 'en' },
      at,
    ),
  )

test('each name has a page of its own, in its own script, and the codes are kept without the names', async () => {
  const { id, token } = await held()
  const names = ['Sam', 'أحمد', '山田さん', 'दीपा', 'Jo Example']
  const pdf = await make(token, names)
  expect(pagesOf(pdf)).toBe(names.length)
  for (const [at, name] of names.entries()) {
    const heading = (await tagsOf(pdf, at + 1)).find((tag) => tag.type === 'H1')
    // Shaped scripts say their letters beside their glyphs, where this reader does not look.
    if (!/\p{Script=Arabic}|\p{Script=Devanagari}/u.test(name)) expect(heading?.words).toBe(name)
    else expect(heading).toBeDefined()
  }
  const rows = await db.selectFrom('certificates').selectAll().where('activity', '=', id).execute()
  expect(rows).toHaveLength(names.length)
  expect(JSON.stringify(rows)).not.toMatch(/Sam|Example/)
})

test('made again they are the same, and one is real for its own name only', async () => {
  const { id, token } = await held()
  await make(token, ['Zoë Long'])
  await make(token, ['Zoë Long'])
  const code = certificateCode(id, 'Zoë Long')
  const rows = await db.selectFrom('certificates').select('code').where('activity', '=', id).execute()
  expect(rows).toEqual([{ code }])
  const look = (name: string) => checkCertificate(db, anybody, { code, name, from: '::1' }, now)
  expect(await look('zoe  long')).toBe(true)
  expect(await look('Zoe Short')).toBe(false)
})

test('before it was held, and when it was called off, nobody is thanked', async () => {
  const { token } = await held()
  const early = new Date('2027-10-18T12:00:00Z')
  await expect(make(token, ['Sam'], early)).rejects.toMatchObject({ key: 'thanks.not-yet' })
  const off = await held({ state: 'cancelled' })
  await expect(thanksFor(db, { token: off.token, language: 'en' }, now)).rejects.toMatchObject({
    key: 'thanks.not-yet',
  })
})

test('a forged link and a code that never was are missing', async () => {
  await expect(make('forged', ['Sam'])).rejects.toMatchObject({ kind: 'missing' })
  for (const code of ['AAAA-AAAA', '', '\0', 'x'.repeat(500)])
    await expect(certificateBy(db, code, now)).rejects.toMatchObject({ kind: 'missing' })
})

test('of an activity that may not be read any more only that there was one', async () => {
  const { id, token } = await held()
  await make(token, ['Sam'])
  await db.updateTable('activities').set({ state: 'withdrawn' }).where('id', '=', id).execute()
  expect(await certificateBy(db, certificateCode(id, 'Sam'), now)).toMatchObject({ activity: null })
})

test('names are asked one by one on their lines, and guessing has an end', async () => {
  const read = (names: string) => v.safeParse(thanksForm, { names })
  expect(read(' Sam \r\n\r\nSam\nJo').output).toEqual({ names: ['Sam', 'Jo'] })
  expect(read('').issues?.[0].message).toBe('thanks.needed')
  expect(read(Array.from({ length: mostNames + 1 }, (_, at) => `n${at}`).join('\n')).success).toBe(false)
  expect(read('x'.repeat(81)).success).toBe(false)
  const { id, token } = await held()
  await make(token, ['Sam'])
  const guess = () =>
    checkCertificate(db, anybody, { code: certificateCode(id, 'Sam'), name: 'Jo', from: '::9' }, now)
  for (let at = 0; at < 30; at += 1) expect(await guess()).toBe(false)
  await expect(guess()).rejects.toMatchObject({ kind: 'too-often' })
})
