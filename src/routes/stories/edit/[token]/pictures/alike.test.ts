import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { rememberWithdrawn } from '#consent/server/likeness.ts'
import { requestPermission } from '#consent/server/writes/asking.ts'
import { decide } from '#consent/server/writes/deciding.ts'
import { askForCircle, placeVersion } from '#consent/server/writes/placing.ts'
import { checkWhoIsIn, sayWhoIsIn } from '#consent/server/writes/saying.ts'
import { toRestore } from '#consent/server/reads/second-person.ts'
import { anybody } from '#kernel/viewer.ts'
import {
  adult,
  asking,
  deciding,
  makePicture,
  placing,
  stageFor,
} from '../../../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../../../test/db.ts'
import { makeStory, makeStoryLink, makeWeek } from '../../../../../../test/make.ts'
import { pageOf } from '../../../../../../test/pages.ts'
import { load } from './+page.server.ts'
import page from './+page.svelte'

const db = await testDatabase()
await makeWeek(db)
const now = new Date('2027-10-22T12:00:00Z')
const stage = await stageFor(db)
const { by, teacher, vetted } = stage

/** A story with one photograph, which is said to show somebody. */
async function told(sha256: Buffer) {
  const { id: surface } = await makeStory(db, { title: 'A bell', state: 'draft' })
  const { version } = await makePicture(db, { surface, sha256 })
  await placeVersion(db, teacher, placing(stage, { surface, version }), now)
  const token = await makeStoryLink(db, surface)
  return {
    surface,
    say: () => sayWhoIsIn(db, teacher, { surface, version, people: [adult()], nobody: false, by }, now),
    /** What whoever tells it reads, without what differs between any two stories. */
    read: async () => {
      const asked = { path: `/stories/edit/${token}/pictures`, db, now, params: { token } }
      const { body } = await pageOf(page, load, asked)
      return body
        .replaceAll(token, 'TOKEN')
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
        .replaceAll(/name="pass" value="[^"]*"/g, '')
        .replaceAll(/pass="[^"]*"/g, '')
    },
  }
}
/** Somebody else looked, it was asked for, and the person said yes: nothing is missing but what stopped it. */
async function allIsThere(surface: string, { said, people }: Awaited<ReturnType<typeof sayWhoIsIn>>) {
  await checkWhoIsIn(db, vetted, { said, wrong: [], covered: [] }, now)
  await askForCircle(db, teacher, { surface, circle: 5, by }, now)
  const { token, permission } = await requestPermission(
    db,
    teacher,
    asking({ surface, person: people[0] ?? '', by }),
    now,
  )
  await decide(db, anybody, deciding({ token, permission }), now)
}

test('rule 25: whoever sent a picture that is like a withdrawn one reads what they would read of any other that somebody looks at first', async () => {
  const withdrawn = randomBytes(32)
  const { version } = await makePicture(db, { sha256: withdrawn })
  await db.transaction().execute((trx) => rememberWithdrawn(trx, [version], now))
  const [alike, other] = [await told(withdrawn), await told(randomBytes(32))]
  expect((await toRestore(db, vetted, alike.surface, now)).stops).toEqual(['alike'])
  expect((await toRestore(db, vetted, other.surface, now)).stops).toEqual([])
  expect(await alike.read()).toBe(await other.read())
  const [saidOfAlike] = [await alike.say(), await other.say()]
  expect(await alike.read()).toBe(await other.read())
  // What an organisation's list of what is shown says, which a lead reads who sent it.
  const reasonsOf = (surface: string) =>
    db.selectFrom('placements').select('reasons').where('surface', '=', surface).execute()
  expect(await reasonsOf(alike.surface)).toEqual(await reasonsOf(other.surface))
  await allIsThere(alike.surface, saidOfAlike)
  const words = (await alike.read()).replaceAll(/<[^>]*>/g, ' ')
  expect(words).toContain('Somebody else has to check who is in it')
  expect(words).not.toContain('before it is shown again')
})
