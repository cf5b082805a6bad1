import { expect, test } from 'vitest'
import { queueMail } from '#platform/server/mail.ts'
import { codesIn, codesInMail, codesInMails } from './codes.ts'
import { testDatabase } from './db.ts'

const db = await testDatabase()

test('a code and a key of the catalogue are found in words, and nothing else is', () => {
  expect(codesIn('It waits: name-and-face, consent.why.died, desk.nothing-such, mail.test.subject')).toEqual([
    'name-and-face',
    'consent.why.died',
    'desk.nothing-such',
    'mail.test.subject',
  ])
  expect(codesIn('A well-known e.g. at week.example, and the-name-and-face-off.')).toEqual([])
  expect(codesInMail({ subject: 'Look', text: 'At http://week.example/stories.json' })).toEqual([])
})

test('a mail that says a code is found in the table of mails', async () => {
  const mail = { address: 'sam@people.test', name: 'story-declined', urgency: 'answer' } as const
  const params = { title: 'The drum', link: 'x', stopLink: 'x' }
  const both = { plain: 'It is too long.', code: 'name-and-face' }
  for (const [key, reason] of Object.entries(both))
    await queueMail(db, { ...mail, key, params: { ...params, reason } })
  expect(await codesInMails(db)).toEqual(['name-and-face in the mail story-declined'])
  await db.deleteFrom('mails').execute()
})
