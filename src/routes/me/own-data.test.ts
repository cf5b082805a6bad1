import * as v from 'valibot'
import { expect, test } from 'vitest'
import { viewerFor } from '#accounts/server/reads/viewer.ts'
import { eraseMe } from '#accounts/server/writes/me.ts'
import { keepRetention } from '#desk/server/tasks.ts'
import { day } from '#kernel/limits.ts'
import { anybody } from '#kernel/viewer.ts'
import { certificateCode } from '#kits/server/certificates.ts'
import { correctionInput } from '#letters/correction.ts'
import { signInput } from '#letters/own.ts'
import { tellForm } from '#letters/reply.ts'
import { signingWord } from '#letters/server/writes/begin.ts'
import { proposeCorrection } from '#letters/server/writes/corrections.ts'
import { tellMove } from '#letters/server/writes/own.ts'
import { signLetter } from '#letters/server/writes/sign.ts'
import { tellReply } from '#letters/server/writes/tell.ts'
import { testDatabase } from '../../../test/db.ts'
import { askFor, letterTyped, makeLetter, makeOffice } from '../../../test/letters.ts'
import { makeActivity, makeStory, makeWeek } from '../../../test/make.ts'
import { ownData } from './own-data.ts'

const db = await testDatabase()
const now = new Date('2027-10-19T10:00:00Z')

test('the download holds what belongs to the own address in every room, and nothing of anybody else', async () => {
  await makeWeek(db)
  await makeActivity(db, { slug: 'mine', title: 'My tea', hostEmail: 'me@people.test' })
  const other = await makeActivity(db, { slug: 'other', title: 'Other tea', hostEmail: 'you@people.test' })
  for (const who of ['me', 'you']) {
    const email = `${who}@people.test`
    await db.insertInto('accounts').values({ email, name: who }).execute()
    await db
      .insertInto('rsvps')
      .values({
        activity: other.id,
        email,
        name: `guest ${who}`,
        token: Buffer.from(who),
        state: 'cancelled',
      })
      .execute()
    await db
      .insertInto('stories')
      .values({ slug: `story-${who}`, week: 2027, title: `Told by ${who}`, email })
      .execute()
    await db
      .insertInto('announcementWishes')
      .values({ email, token: Buffer.from(who) })
      .execute()
  }
  const held = { email: 'me@people.test', held: '2027-10-20T12:00:00Z', state: 'hidden' as const }
  await makeStory(db, { slug: 'story-held', title: 'Looked at by two', ...held })
  const { id } = await db
    .selectFrom('accounts')
    .select('id')
    .where('email', '=', 'me@people.test')
    .executeTakeFirstOrThrow()
  const data = await ownData(db, await viewerFor(db, id))
  expect(data).toMatchObject({
    accounts: { account: { email: 'me@people.test' } },
    activities: { hosting: [{ slug: 'mine' }], coming: [{ slug: 'other', name: 'guest me' }] },
    stories: { told: [{ slug: 'story-me' }], author: null },
    weeks: [{ email: 'me@people.test' }],
  })
  expect(JSON.stringify(data)).not.toMatch(/you@people|guest you|story-you|Looked at by two/)
})

/** Somebody with an account who writes a letter that is answered, begins one from here, signs one of others, says what is wrong and hosts what people are thanked for. */
async function makeWriter(email: string): Promise<string> {
  const { id } = await db
    .insertInto('accounts')
    .values({ email, name: email })
    .returning('id')
    .executeTakeFirstOrThrow()
  const office = await makeOffice(db, { name: `Office for ${email}` })
  const mine = { email, keep: 'yes', title: `Title of ${email}`, words: `Words of ${email}` }
  const { token, letter } = await makeLetter(db, now, { ...mine, offices: office.ref })
  const delivery = letter.deliveries[0]?.id ?? ''
  await tellMove(db, anybody, { token, delivery, to: 'said-sent' }, now)
  const reply = { token, delivery, kind: 'answered', answered: 'yes', via: 'post', received: '2027-10-19' }
  await tellReply(db, anybody, v.parse(tellForm, { ...reply, words: `Answer to ${email}` }), now)
  const fromHere = await makeLetter(db, now, { offices: office.ref })
  await askFor(db, fromHere, now, { email })
  const others = { email: 'others@writers.test', writer: 'joint', keep: 'yes' }
  const joint = await makeLetter(db, now, { ...others, offices: office.ref })
  const word = signingWord(joint.letter.id)
  const signature = v.parse(signInput, { word, as: 'full', name: `Sam ${email}`, email })
  await signLetter(db, anybody, { ...signature, from: email }, now)
  const correction = { formKey: '', ref: office.ref, words: 'They moved', evidence: '', email }
  await proposeCorrection(db, anybody, v.parse(correctionInput, correction), now)
  const activity = await makeActivity(db, { hostEmail: email })
  const code = certificateCode(activity.id, email)
  await db.insertInto('certificates').values({ code, activity: activity.id, made: now }).execute()
  return id
}

test('the download holds own letters with what came back, signatures, corrections and certificates; erasing the account takes what is personal in them', async () => {
  const [ann, ben] = ['ann@writers.test', 'ben@writers.test']
  const id = await makeWriter(ann)
  await makeWriter(ben)
  const viewer = await viewerFor(db, id)
  const data = await ownData(db, viewer)
  expect(data['letters']).toMatchObject({
    letters: expect.arrayContaining([
      expect.objectContaining({
        title: `Title of ${ann}`,
        sentTo: [
          expect.objectContaining({
            channel: 'own-mail',
            state: 'said-sent',
            replies: [expect.objectContaining({ kind: 'answered', words: `Answer to ${ann}` })],
          }),
        ],
      }),
    ]),
    signatures: [{ shown: `Sam ${ann}`, letter: letterTyped.title }],
    corrections: [{ words: 'They moved' }],
  })
  expect(data['kits']).toMatchObject({ certificates: [{ made: now }] })
  expect(JSON.stringify(data)).not.toContain(ben)

  const letters = await db.selectFrom('letters').select('id').where('email', '=', ann).execute()
  await eraseMe(db, viewer, {}, now)
  await keepRetention(db, {}, new Date(now.getTime() + 8 * day))
  for (const table of ['letters', 'signatures', 'letterReplies', 'directoryCorrections', 'mails'] as const) {
    const left = JSON.stringify(await db.selectFrom(table).selectAll().execute())
    expect(left, table).not.toContain(ann)
    if (table !== 'mails') expect(left, table).toContain(ben)
  }
  const states = await db
    .selectFrom('deliveries')
    .select('state')
    .where(
      'letter',
      'in',
      letters.map((one) => one.id),
    )
    .orderBy('state')
    .execute()
  expect(states.map((one) => one.state)).toEqual(['cancelled', 'said-sent'])
})

test('without an account there is nothing to download', async () => {
  await expect(ownData(db, anybody)).rejects.toMatchObject({ kind: 'missing' })
})
