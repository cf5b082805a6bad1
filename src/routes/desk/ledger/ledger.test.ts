import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { copyLedgers } from '#consent/server/ledger-copy.ts'
import { ledgerPath } from '#consent/server/ledger-file.ts'
import { ledgerPosition } from '#consent/server/ledger.ts'
import { renditionFor } from '#consent/server/reads/rendition.ts'
import { replayLedger } from '#consent/server/replay.ts'
import { takeDown } from '#consent/server/writes/taking-down.ts'
import { anybody } from '#kernel/viewer.ts'
import { siteStore } from '#platform/server/storage-site.ts'
import { alone } from '../../../../test/consent/backup.ts'
import { stageFor, tellAndAgree } from '../../../../test/consent/stage.ts'
import { testDatabase } from '../../../../test/db.ts'
import { makeAccount } from '../../../../test/organisations.ts'
import { ask, pageOf } from '../../../../test/pages.ts'
import { actions, load } from './+page.server.ts'
import page from './+page.svelte'

const dataDir = mkdtempSync(join(tmpdir(), 'abe-ledger-page-'))
process.env['DATA_DIR'] = dataDir
afterAll(() => rmSync(dataDir, { recursive: true }))
const db = await testDatabase()
const now = new Date('2027-10-20T12:00:00Z')
const viewer = await makeAccount(db, 'organiser', { role: 'organiser' })
const words = async (path = '/desk/ledger') =>
  (await pageOf(page, load, { path, db, viewer, now })).body
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
const again = () =>
  ask(actions['again'] as (event: never) => unknown, { path: '/desk/ledger', db, viewer, body: {} })

test('the page says which file is damaged from which line on, what is safe, and each step: by hand without a copy, one press with it', async () => {
  for (let at = 0; at < 3; at++) await takeDown(db, anybody, { surface: randomUUID(), own: false }, now)
  const { ledger } = await ledgerPosition(db)
  const path = ledgerPath(ledger ?? '')
  const sound = readFileSync(path, 'utf8')
  const [first, second = '', third] = sound.split('\n')
  const harm = () => writeFileSync(path, [first, second.replace('"n":', '"m":'), third, ''].join('\n'))
  harm()
  await replayLedger(db, now, alone)
  const byHand = await words()
  expect(byHand).toContain(`${ledger}.jsonl`)
  expect(byHand).toContain('it cannot be trusted from line 2 on')
  expect(byHand).toContain('nothing that was taken away is seen')
  expect(byHand).toContain('No copy lies in the store')
  expect(byHand).toContain(`rename ledger/${ledger}.jsonl, so that it ends in .old`)
  expect(byHand).toContain('One line cannot be read anywhere. The database has had it')
  await again().catch(() => undefined)
  // Whoever pressed is at the top of the page again.
  expect(await words('/desk/ledger?tried')).toMatch(/withdrawals \W*We looked again. It is still not as it/)

  writeFileSync(path, sound)
  await copyLedgers(siteStore())(db, {}, now)
  harm()
  const helped = await words()
  expect(helped).toContain('A whole copy lies in the store. It has 3 lines')
  expect(helped).toContain('Put the damaged file aside, and go on from the copy')
  expect(helped).not.toContain('so that it ends in .old')
  await again().catch(() => undefined)
  expect(await words()).toContain('The file and the database agree')
  expect(readFileSync(path, 'utf8')).toBe(sound)
})

test('where the file is lost for good an organiser brings back all at once, by name, and what is shown is there again', async () => {
  const stage = await stageFor(db)
  const { version } = await tellAndAgree(stage, now)
  const seen = async () =>
    (await renditionFor(db, anybody, { version, width: 640, format: 'jpg' }, now)) !== null
  rmSync(`${dataDir}/ledger`, { recursive: true })
  rmSync(`${dataDir}/store/ledger`, { recursive: true, force: true })
  await replayLedger(db, now, alone)
  expect(await words()).toContain('No activity and no story is shown now')
  expect(await seen()).toBe(false)
  const open = (body: Record<string, string>) =>
    ask(actions['open'] as (event: never) => Promise<unknown>, {
      path: '/desk/ledger',
      db,
      viewer,
      now,
      body,
    }).catch((redirect: unknown) => redirect)
  expect(await open({ how: 'as-it-stands', reason: '' })).toMatchObject({ status: 400 })
  expect(await seen()).toBe(false)
  expect(await open({ how: 'as-it-stands', reason: 'The disk broke' })).toMatchObject({ status: 303 })
  expect(await seen()).toBe(true)
  const log = db.selectFrom('auditLog').select(['account', 'details'])
  expect(await log.where('action', '=', 'consent.opened-after-review').execute()).toEqual([
    { account: viewer.account, details: { how: 'as-it-stands', reason: 'The disk broke' } },
  ])
})
