import * as v from 'valibot'
import { anybody } from '#kernel/viewer.ts'
import { letterForm } from '#letters/letter.ts'
import { pressForm } from '#letters/reply.ts'
import { sendForm } from '#letters/send.ts'
import { letterToConfirm } from '#letters/server/reads/confirm.ts'
import { letterBy, type OwnLetter } from '#letters/server/reads/own.ts'
import { answerLetter } from '#letters/server/writes/answer.ts'
import { chooseOffices } from '#letters/server/writes/choice.ts'
import { beginLetter } from '#letters/server/writes/begin.ts'
import { confirmLetter } from '#letters/server/writes/confirm.ts'
import { askToSend, confirmWord } from '#letters/server/writes/send.ts'
import type { Db } from '#platform/server/db.ts'

/** Makes an office of the directory that is reached by e-mail, and by post when it has an address; answers how forms name it, and its organisation. */
export async function makeOffice(
  db: Db,
  over: { email?: string; name?: string; address?: string } = {},
): Promise<{ ref: string; post: string; organisation: string; email: string }> {
  const key = `test:${crypto.randomUUID()}`
  const email = over.email ?? `${key.slice(5)}@council.org`
  const organisation = await db
    .insertInto('directoryOrganisations')
    .values({ key, name: over.name ?? 'Leeds Learning Trust', classification: 'trust', country: 'GB' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const post = await db
    .insertInto('directoryPosts')
    .values({ key, organisation: organisation.id, label: 'Chair' })
    .returning('id')
    .executeTakeFirstOrThrow()
  const contacts = [
    { key, post: post.id, type: 'email' as const, value: email },
    ...(over.address === undefined
      ? []
      : [{ key: `${key} address`, post: post.id, type: 'address' as const, value: over.address }]),
  ]
  await db.insertInto('directoryContacts').values(contacts).execute()
  return { ref: `post:${post.id}`, post: post.id, organisation: organisation.id, email }
}

export const letterTyped = {
  ask: '',
  writer: 'self',
  name: 'Ann Example',
  lines: '1 Long Road\nLeeds LS1 1AA',
  title: 'Come and see it',
  greeting: 'Dear Chair,',
  words: 'He hums when he is happy.',
  closing: 'Yours sincerely,',
  language: 'en',
  envelope: 'dl',
}

type Over = Record<string, string | string[]>

/** Begins a letter, to offices of the directory or to one that is typed; answers the word of its page, and the letter. */
export async function makeLetter(
  db: Db,
  now: Date,
  over: Over = {},
): Promise<{ token: string; letter: OwnLetter }> {
  const { token } = await beginLetter(db, anybody, v.parse(letterForm, { ...letterTyped, ...over }), now)
  const letter = await letterBy(db, token)
  if (!letter) throw new Error('No letter was begun')
  return { token, letter }
}

/** Asks for a letter to be sent from here: all of its deliveries, unless told otherwise. */
export const askFor = (
  db: Db,
  { token, letter }: { token: string; letter: OwnLetter },
  now: Date,
  over: Over = {},
): Promise<{ token: string }> =>
  askToSend(
    db,
    anybody,
    v.parse(sendForm, {
      ...letterTyped,
      token,
      delivery: letter.deliveries.map(({ id }) => id),
      email: 'ann@people.org',
      ...over,
    }),
    now,
  )

/** Begins a letter, asks for it to be sent and confirms it; answers the ids of its deliveries. */
export async function makeQueued(
  db: Db,
  now: Date,
  offices: readonly string[],
): Promise<{ token: string; id: string; word: string; deliveries: string[] }> {
  const made = await makeLetter(db, now, { offices: [...offices] })
  await askFor(db, made, now)
  const word = confirmWord(made.letter.id, 'ann@people.org')
  const read = await letterToConfirm(db, word, now)
  await confirmLetter(db, anybody, { word, revision: read?.revision ?? 0 }, now)
  return {
    token: made.token,
    id: made.letter.id,
    word,
    deliveries: made.letter.deliveries.map(({ id }) => id),
  }
}

/** Where a delivery is. */
export const stateOf = async (db: Db, id: string) =>
  (await db.selectFrom('deliveries').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state

/** The names of the mails to somebody, in the order in which they were queued. */
export const mailNames = async (db: Db, address = 'ann@people.org'): Promise<string[]> =>
  (
    await db.selectFrom('mails').select('name').where('address', '=', address).orderBy('created').execute()
  ).map(({ name }) => name)

/** What a mail server says about a mail of which it reports how it went (RFC 3464), with the letter itself in it. */
export const deliveryReport = (of: {
  to: string
  action: string
  status: string
  diagnostic?: string
  subject?: string
  letter?: string
}): string =>
  [
    'Return-Path: <>',
    'From: MAILER-DAEMON@mail.council.org',
    `To: ${of.to}`,
    `Subject: ${of.subject ?? 'Undelivered Mail Returned to Sender'}`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="cut"',
    '',
    '--cut',
    'Content-Type: text/plain',
    '',
    'I am sorry.',
    '--cut',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mail.council.org',
    '',
    'Final-Recipient: rfc822; chair@council.org',
    `Action: ${of.action}`,
    `Status: ${of.status}`,
    `Diagnostic-Code: smtp; ${of.diagnostic ?? 'said so'}`,
    '',
    '--cut',
    'Content-Type: message/rfc822',
    '',
    of.letter ?? '',
    '--cut--',
    '',
  ].join('\n')

/** The pages of letters that whoever has a link sees, each in the states that it can be in. */
export async function letterPages(db: Db): Promise<string[]> {
  const now = new Date()
  const offices = await Promise.all([makeOffice(db), makeOffice(db), makeOffice(db)])
  const waiting = await makeLetter(db, now, { offices: offices.map(({ ref }) => ref) })
  const [first, second, third] = waiting.letter.deliveries.map(({ id }) => id)
  await askFor(db, waiting, now, { delivery: first ?? '' })
  await db
    .updateTable('deliveries')
    .set({ state: 'uncertain' })
    .where('id', '=', second ?? '')
    .execute()
  await db
    .insertInto('letterReplies')
    .values({
      delivery: third ?? '',
      received: '2027-10-20',
      via: 'phone',
      kind: 'going-on',
      words: 'She wants to know more.',
    })
    .execute()
  const sent = await makeQueued(db, now, [offices[0]?.ref ?? ''])
  const codes = (await letterBy(db, sent.token))?.deliveries.map(({ code }) => code) ?? []
  await answerLetter(
    db,
    anybody,
    v.parse(pressForm, { code: codes[0], press: 'yes', promise: 'We come on a Monday', due: '2028-01-10' }),
    now,
  )
  const refs = offices.map(({ ref }) => ref)
  const { choice } = await chooseOffices(db, anybody, { choice: null, offices: refs }, now)
  const confirm = (letter: string) => `/letters/confirm/${confirmWord(letter, 'ann@people.org')}`
  return [
    `/letters/who?choice=${choice}&in=${offices[0]?.organisation ?? ''}`,
    `/letters/who/chosen?choice=${choice}`,
    confirm(waiting.letter.id),
    confirm(sent.id),
    `/letters/${waiting.token}/send`,
    `/letters/${waiting.token}/send?asked`,
    `/letters/${waiting.token}/replies`,
    `/reply/${waiting.letter.deliveries[0]?.code ?? ''}`,
    `/reply/${codes[0] ?? ''}`,
  ]
}

/** Answers the pages of the directory that only something in it has: an office as everybody sees it, an import as the desk does. */
export async function directoryPages(db: Db): Promise<{ open: string; desk: string }> {
  const { ref } = await makeOffice(db, { name: 'Leeds City Council', address: 'Civic Hall\nLeeds LS1 1UR' })
  const { id } = await db
    .insertInto('directoryImports')
    .values({
      source: 'councillors.csv',
      licence: 'Open Government Licence 3.0',
      retrieved: '2027-09-01',
      format: 'csv',
      state: 'done',
      counts: JSON.stringify({ person: { new: 2, changed: 0, ended: 0, same: 1 } }),
      done: '2027-09-01T10:00:00Z',
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { open: `/letters/offices/${ref}`, desk: `/desk/directory/imports/${id}` }
}
