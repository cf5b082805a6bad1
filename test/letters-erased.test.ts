import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import pino from 'pino'
import * as v from 'valibot'
import { afterAll, expect, test } from 'vitest'
import { keepRetention } from '#desk/server/tasks.ts'
import { day, hour } from '#kernel/limits.ts'
import { anybody, theSite } from '#kernel/viewer.ts'
import { pressForm, tellForm } from '#letters/reply.ts'
import { boxOf } from '#letters/server/codes.ts'
import { lettersDesk } from '#letters/server/reads/desk.ts'
import { leaveAloneRequests } from '#letters/server/reads/leave-alone.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { letterBy } from '#letters/server/reads/own.ts'
import { letterNumbers } from '#letters/server/reads/numbers.ts'
import { askForAnswers } from '#letters/server/tasks/ask.ts'
import { followLetters } from '#letters/server/tasks/follow.ts'
import { readReturned } from '#letters/server/tasks/mailbox.ts'
import { sendLetter } from '#letters/server/tasks/send.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { confirmLetter } from '#letters/server/writes/confirm.ts'
import { moveDelivery } from '#letters/server/writes/move.ts'
import { confirmWord } from '#letters/server/writes/send.ts'
import { tellReply } from '#letters/server/writes/tell.ts'
import { makeBackup } from '#platform/server/backup/make.ts'
import { openPlain, quoted, tablesOf } from '#platform/server/backup/tables.ts'
import { readConfig } from '#platform/server/config.ts'
import { deliverMail } from '#platform/server/deliver-mail.ts'
import { log } from '#platform/server/log.ts'
import { openPostbox } from '#platform/server/postbox.ts'
import { fileStore } from '#platform/server/storage-files.ts'
import { testDatabase } from './db.ts'
import { openImapServer } from './imap.ts'
import { askFor, makeLetter, makeOffice, stateOf } from './letters.ts'
import { makeWeek } from './make.ts'
import { openMailServer } from './smtp.ts'

/** Stands in every field that somebody can fill in, and nowhere else. */
const mark = 'quokkazz'
const email = `ann.${mark}@people.org`

const dataDir = mkdtempSync(join(tmpdir(), 'abe-erased-'))
process.env['DATA_DIR'] = dataDir
const db = await testDatabase()
const [server, mailbox] = [await openMailServer(), await openImapServer()]
const now = new Date('2027-10-19T10:00:00Z')
const after = (length: number): Date => new Date(now.getTime() + length)
afterAll(async () => {
  await server.close()
  await mailbox.close()
  rmSync(dataDir, { recursive: true })
})

const logged: string[] = []
const stream = Reflect.get(log, pino.symbols.streamSym) as { write: (line: string) => void }
const write = stream.write.bind(stream)
stream.write = (line) => {
  logged.push(line)
  write(line)
}

/** The tables, of all that there are, in which the mark stands, as words or in bytes. */
async function tablesWithMark(): Promise<string[]> {
  const client = await openPlain(db.url)
  try {
    const found: string[] = []
    const hex = Buffer.from(mark).toString('hex')
    for (const table of await tablesOf(client)) {
      const { rows } = await client.query<{ there: boolean }>(
        `select exists (select from ${quoted(table)} t where t::text ilike $1 or t::text ilike $2) as there`,
        [`%${mark}%`, `%${hex}%`],
      )
      if (rows[0]?.there) found.push(table.name)
    }
    return found.toSorted()
  } finally {
    await client.end()
  }
}

async function backup(name: string): Promise<string> {
  const to = join(dataDir, 'backups', name)
  const store = fileStore(join(dataDir, 'store'))
  const secret = 'a secret of at least thirty-two letters'
  const manifest = await makeBackup({
    url: db.url,
    store,
    secret,
    withSecret: false,
    to,
    now,
    say: () => undefined,
  })
  return gunzipSync(readFileSync(to)).toString('latin1') + JSON.stringify(manifest)
}

const outbox = (): string[] => {
  const folder = join(dataDir, 'outbox')
  return existsSync(folder) ? readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8')) : []
}
const hasMark = (words: string): boolean => words.toLowerCase().includes(mark)

/** A letter with the mark in every field, to an office of the directory and to one that is typed; it goes from here and by post, comes back for now, is answered, told of, promised, asked about. */
async function walk(): Promise<{ token: string }> {
  const office = await makeOffice(db)
  const written = {
    writer: 'joint',
    name: `Ann ${mark}`,
    lines: `1 ${mark} Road\nLeeds`,
    title: `About ${mark}`,
    greeting: `Dear ${mark},`,
    words: `He hums ${mark}.`,
    closing: `Yours, ${mark}`,
  }
  const made = await makeLetter(db, now, {
    ...written,
    offices: office.ref,
    officeName: `Cllr ${mark}`,
    officeLines: `${mark} House\nLeeds`,
    officeEmail: `${mark}@council.org`,
    email,
    keep: 'yes',
  })
  const [known, typed] = made.letter.deliveries.toSorted((one) => (one.office?.includes(mark) ? 1 : -1))
  if (!known || !typed) throw new Error('Two offices were written to')
  await db
    .insertInto('signatures')
    .values({
      letter: made.letter.id,
      shown: `Sam ${mark}`,
      email: `sam.${mark}@people.org`,
      token: Buffer.from('signed'),
      confirmed: now,
    })
    .execute()
  await askFor(db, made, now, { ...written, email, delivery: known.id })
  const word = confirmWord(made.letter.id, email)
  const read = await letterToConfirm(db, word, now)
  await confirmLetter(db, anybody, { word, revision: read?.revision ?? 0 }, now)
  const viaServer = openPostbox({ ...readConfig(), smtpUrl: server.url })
  const viaFolder = openPostbox({ ...readConfig(), smtpUrl: null })
  const named = async (): Promise<string> => 'A Bit Extra'
  server.refuses = { message: 451 }
  await sendLetter(viaServer, named)(db, { id: known.id }, now)
  server.refuses = {}
  await sendLetter(viaServer, named)(db, { id: known.id }, after(2 * hour))
  const back = `To: ${boxOf(known.code, 2)}@week.org\nContent-Type: message/delivery-status\n\nAction: failed\nStatus: 4.2.2\n\n${mark}`
  mailbox.put(back)
  await readReturned({ imapUrl: mailbox.url })(db, {}, after(3 * hour))
  expect(await stateOf(db, known.id)).toBe('bounced-soft')
  await sendLetter(viaFolder, named)(db, { id: known.id }, after(5 * hour))
  expect([server.letters.length, await stateOf(db, known.id)]).toEqual([1, 'sent'])

  const note = `Posted at ${mark}`
  await db.transaction().execute(async (trx) => {
    await moveDelivery(trx, typed.id, { state: 'posted', evidence: 'said', channel: 'post', note }, now)
  })
  const answer = { press: 'wrong-office', words: `Ask ${mark}` }
  await answerLetter(db, anybody, v.parse(pressForm, { code: known.code, ...answer }), after(day))
  await answerLetter(
    db,
    anybody,
    v.parse(pressForm, { code: typed.code, press: 'do-not-write', words: `No ${mark}` }),
    after(day),
  )
  const told = {
    token: made.token,
    delivery: typed.id,
    received: '2027-10-20',
    via: 'phone',
    kind: 'promised',
    answered: 'yes',
    words: `She said ${mark}`,
    promise: 'A ramp by spring',
  }
  await tellReply(db, anybody, v.parse(tellForm, told), after(2 * day))
  const mails = await db.selectFrom('mails').select('id').execute()
  const deliver = deliverMail(viaFolder, named)
  for (const { id } of mails.slice(0, 2)) await deliver(db, { id }, after(day))
  await followLetters(db, {}, after(3 * day))
  await askForAnswers(db, {}, after(14 * day))
  return { token: made.token }
}

test('28 days after a letter left nothing of it is found anywhere: no table, no queue, no mail, no file, no log, no backup', async () => {
  await makeWeek(db)
  const { token } = await walk()
  const places = [
    'deliveries',
    'delivery_events',
    'letter_replies',
    'letters',
    'mails',
    'promises',
    'signatures',
  ]
  expect(await tablesWithMark()).toEqual(places)
  expect(outbox().filter(hasMark).length).toBeGreaterThan(1)
  expect(hasMark(await backup('before.tar.gz'))).toBe(true)
  const numbers = await letterNumbers(db, 2027)

  await keepRetention(db, {}, after(28 * day - hour))
  expect((await letterBy(db, token))?.erased).toBeNull()
  await keepRetention(db, {}, after(28 * day + 6 * hour))
  await keepRetention(db, {}, after(29 * day))

  expect(await tablesWithMark()).toEqual([])
  expect(outbox().filter(hasMark)).toEqual([])
  expect(mailbox.mails).toEqual([])
  expect(hasMark(await backup('after.tar.gz'))).toBe(false)
  expect(logged.length).toBeGreaterThan(0)
  expect(logged.filter(hasMark)).toEqual([])
  // What names nobody stays.
  expect(await letterNumbers(db, 2027)).toEqual(numbers)
  expect(numbers).toEqual({ saidPosted: 1, sentFromHere: 1, answersTold: 2, promises: 1, kept: 0 })
  const desk = await lettersDesk(db, theSite, after(29 * day))
  expect(desk.promises).toMatchObject([{ words: 'A ramp by spring', office: null }])
  const { waiting } = await leaveAloneRequests(db, theSite, after(29 * day))
  expect(waiting).toMatchObject([{ office: '', ref: null, way: 'post' }])
  expect((await letterBy(db, token))?.kept).toBeNull()
})

test('a letter that waits for its office keeps its words until it has gone', async () => {
  const office = await makeOffice(db)
  const made = await makeLetter(db, now, { offices: office.ref })
  await askFor(db, made, now)
  const id = made.letter.deliveries[0]?.id ?? ''
  await db
    .updateTable('deliveries')
    .set({ state: 'queued', due: after(40 * day) })
    .where('id', '=', id)
    .execute()
  await keepRetention(db, {}, after(29 * day))
  expect((await letterBy(db, made.token))?.erased).toBeNull()
  await db.updateTable('deliveries').set({ state: 'sent' }).where('id', '=', id).execute()
  await keepRetention(db, {}, after(41 * day))
  expect((await letterBy(db, made.token))?.erased).toEqual(after(41 * day))
})
