import * as v from 'valibot'
import { expect, test } from 'vitest'
import { askInput } from '#accounts/account.ts'
import { askToSignIn } from '#accounts/server/writes/sign-in.ts'
import { anybody } from '#kernel/viewer.ts'
import { testDatabase } from '../../../../test/db.ts'

const db = await testDatabase()
const now = new Date('2027-10-01T12:00:00Z')
const read = (email: string) => v.safeParse(askInput, { email })

test.each([
  'jo@gmail.c',
  'a@b.c',
  'a#b@example.org',
  '.a@example.org',
  'a..b@example.org',
  "a'@example.org",
  'a@-b.org',
  'a@b.1a',
])('%s is told at its field, and nothing breaks', (email) => {
  expect(read(email).issues?.map((issue) => issue.message)).toEqual(['input.email'])
})

test.each(['jo@example.org', "o'hara@example.ie", 'a+b_c-d.e@sub.example.co.uk', '1@2.org'])(
  '%s is sent a link',
  async (email) => {
    await askToSignIn(db, anybody, { ...v.parse(askInput, { email }), client: '::1' }, now)
    const mails = await db.selectFrom('mails').select('id').where('address', '=', email).execute()
    expect(mails).toHaveLength(1)
  },
)
