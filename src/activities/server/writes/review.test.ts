import { sql } from 'kysely'
import { expect, test } from 'vitest'
import {
  activityForReview,
  countWaitingActivities,
  waitingActivities,
} from '#activities/server/reads/review.ts'
import {
  decideActivities,
  decideActivity,
  restoreActivity,
  takeDownActivity,
} from '#activities/server/writes/review.ts'
import { anybody, theSite, type Viewer } from '#kernel/viewer.ts'
import { makeActivity, makeWeek } from '../../../../test/make.ts'
import { testDatabase } from '../../../../test/db.ts'

const db = await testDatabase()
const now = new Date('2027-09-20T10:00:00Z')
await makeWeek(db)

async function reviewer(name: string): Promise<Viewer> {
  const { id } = await db
    .insertInto('accounts')
    .values({ name, email: `${name}@example.org` })
    .returning('id')
    .executeTakeFirstOrThrow()
  return {
    account: id,
    email: `${name}@example.org`,
    name,
    roles: [{ role: 'reviewer', group: null, organisation: null }],
  }
}
const ann = await reviewer('ann')
const ben = await reviewer('ben')
const stateOf = async (id: string) =>
  (await db.selectFrom('activities').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state
const mailsTo = (address: string) =>
  db.selectFrom('mails').select(['name', 'params']).where('address', '=', address).execute()
const waits = (email: string) => makeActivity(db, { state: 'waiting', hostEmail: email })

test('publishing lists it, writes it down twice and mails the host once, however often it is pressed', async () => {
  const { id } = await waits('jo@example.org')
  const decision = { id, revision: 1, decision: 'publish', reason: null } as const
  await decideActivity(db, ann, decision, now)
  await decideActivity(db, ann, { ...decision, revision: 2 }, now)
  expect(await stateOf(id)).toBe('published')
  expect((await mailsTo('jo@example.org')).map((mail) => mail.name)).toEqual(['activity-published'])
  const seen = await activityForReview(db, ben, id)
  expect(seen.steps).toMatchObject([{ from: 'waiting', to: 'published', who: 'ann' }])
  expect(seen.hosts).toMatchObject([{ email: 'jo@example.org' }])
})

test('whoever decides too late is told that somebody else decided, not that the host changed it', async () => {
  const { id } = await waits('lee@example.org')
  const ask = { id, revision: 1, decision: 'ask', reason: 'Which door?' } as const
  await decideActivity(db, ann, ask, now)
  const late = { id, revision: 1, decision: 'publish', reason: null } as const
  await expect(decideActivity(db, ben, late, now)).rejects.toMatchObject({
    key: 'activities.refusal.decided',
  })
})

test('what was changed while it was read is not decided, and a no needs a reason that is mailed', async () => {
  const { id } = await waits('kim@example.org')
  const publish = { id, revision: 7, decision: 'publish', reason: null } as const
  await expect(decideActivity(db, ann, publish, now)).rejects.toMatchObject({ kind: 'conflict' })
  const decline = { id, revision: 1, decision: 'decline', reason: null } as const
  await expect(decideActivity(db, ann, decline, now)).rejects.toMatchObject({ field: 'reason' })
  await decideActivity(db, ann, { ...decline, reason: 'This is a sale.' }, now)
  expect((await mailsTo('kim@example.org'))[0]?.params).toMatchObject({ reason: 'This is a sale.' })
})

test('visitors and leads of other groups decide nothing and learn nothing', async () => {
  const { id } = await waits('lou@example.org')
  const publish = { id, revision: 1, decision: 'publish', reason: null } as const
  await expect(decideActivity(db, anybody, publish, now)).rejects.toMatchObject({ kind: 'missing' })
  await expect(waitingActivities(db, anybody)).rejects.toMatchObject({ kind: 'forbidden' })
  await expect(activityForReview(db, anybody, id)).rejects.toMatchObject({ kind: 'missing' })
  const lead: Viewer = {
    ...ann,
    roles: [{ role: 'group-lead', group: crypto.randomUUID(), organisation: null }],
  }
  await expect(decideActivity(db, lead, publish, now)).rejects.toMatchObject({ kind: 'missing' })
  expect((await waitingActivities(db, lead)).map((one) => one.id)).toEqual([])
  expect((await waitingActivities(db, ann)).map((one) => one.id)).toContain(id)
  expect(await countWaitingActivities(db, ann, new Date('2030-01-01'))).toBeGreaterThan(0)
  expect(await countWaitingActivities(db, lead, new Date('2030-01-01'))).toBe(0)
})

test('many at once are decided each alone: one that was changed does not hold up the others', async () => {
  const [a, b] = [await waits('a@example.org'), await waits('b@example.org')]
  const chosen = [
    { id: a.id, revision: 1 },
    { id: b.id, revision: 9 },
    { id: crypto.randomUUID(), revision: 1 },
  ]
  const result = await decideActivities(db, ann, { decision: 'publish', chosen, reason: null }, now)
  expect(result.done).toBe(1)
  expect(result.refused.map(({ refusal }) => refusal.kind)).toEqual(['conflict', 'missing'])
  expect([await stateOf(a.id), await stateOf(b.id)]).toEqual(['published', 'waiting'])
})

test('what is taken down is gone at once and comes back only by somebody else', async () => {
  const { id } = await makeActivity(db, { hostEmail: 'sam@example.org' })
  await takeDownActivity(db, ann, { id, reason: 'Somebody asked for it.' }, now)
  await takeDownActivity(db, ann, { id, reason: null }, now)
  expect(await stateOf(id)).toBe('withdrawn')
  // Hidden is not off: nobody who comes is told that it will not happen.
  const jobs = await sql<{ task: string }>`select t.identifier as task
    from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
    where j.payload->>'activity' = ${id}`.execute(db)
  expect(jobs.rows.map((job) => job.task)).not.toContain('activity.cancelled')
  await expect(restoreActivity(db, ann, { id, reason: null }, now)).rejects.toMatchObject({
    kind: 'forbidden',
  })
  await restoreActivity(db, ben, { id, reason: 'It was a mistake.' }, now)
  expect(await stateOf(id)).toBe('published')
  expect((await mailsTo('sam@example.org')).map((mail) => mail.name)).toEqual([
    'activity-declined',
    'activity-published',
  ])
})

test('trusting a host lists what they send from then on, and is kept once per address', async () => {
  const { id } = await waits('tom@example.org')
  await decideActivity(db, ann, { id, revision: 1, decision: 'trust', reason: null }, now)
  const account = await db
    .selectFrom('accounts')
    .select('trusted')
    .where('email', '=', 'tom@example.org')
    .execute()
  expect(account).toEqual([{ trusted: true }])
  await takeDownActivity(db, theSite, { id, reason: null }, now)
})
