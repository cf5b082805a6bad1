import { expect, test } from 'vitest'
import { theSite, type Viewer } from '#kernel/viewer.ts'
import { testDatabase } from '../../../test/db.ts'
import { makeWeek } from '../../../test/make.ts'
import { ask } from '../../../test/pages.ts'
import { load as groups } from './groups/+page.server.ts'
import { load as imports } from './imports/+page.server.ts'
import { load as log } from './log/+page.server.ts'
import { load as outbox } from './outbox/+page.server.ts'
import { load as people } from './people/+page.server.ts'
import { load as retention } from './retention/+page.server.ts'
import { load as settings } from './settings/+page.server.ts'
import { load as texts } from './texts/+page.server.ts'
import { load as weeks } from './weeks/+page.server.ts'

const db = await testDatabase()
await makeWeek(db)
const lead: Viewer = {
  ...theSite,
  account: '00000000-0000-4000-8000-000000000001',
  roles: [{ role: 'organisation-lead', group: null, organisation: '00000000-0000-4000-8000-000000000002' }],
}

test.each(Object.entries({ groups, imports, log, outbox, people, retention, settings, texts, weeks }))(
  'the page of the desk for %s looks as if it were not there to whoever may not see it',
  async (name, load) => {
    const asked = { path: `/desk/${name}`, db, viewer: lead }
    const no = Promise.resolve().then(() => ask(load as (event: never) => unknown, asked))
    await expect(no).rejects.toMatchObject({ kind: 'missing' })
  },
)
