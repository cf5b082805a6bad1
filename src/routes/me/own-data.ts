import { ownAccountData } from '#accounts/server/reads/people.ts'
import { ownActivityData } from '#activities/server/reads/own-data.ts'
import { ownConsentData } from '#consent/server/reads/own-data.ts'
import { ownCommentData } from '#comments/server/reads/replies.ts'
import { ownKitData } from '#kits/server/own-data.ts'
import { ownLetterData } from '#letters/server/reads/own-data.ts'
import type { Viewer } from '#kernel/viewer.ts'
import { ownOrganisationData } from '#organisations/server/reads/own-data.ts'
import type { Db } from '#platform/server/db.ts'
import { ownStoryData } from '#stories/server/reads/own-data.ts'
import { ownWishes } from '#weeks/server/reads.ts'

/** What each room keeps about somebody, under the room's name. */
const rooms: Record<string, (db: Db, viewer: Viewer) => Promise<unknown>> = {
  accounts: ownAccountData,
  activities: ownActivityData,
  comments: ownCommentData,
  consent: ownConsentData,
  kits: ownKitData,
  letters: ownLetterData,
  organisations: ownOrganisationData,
  stories: ownStoryData,
  weeks: ownWishes,
}

/** Answers everything the site keeps about the viewer; "not there" for whoever has no account. */
export async function ownData(db: Db, viewer: Viewer): Promise<Record<string, unknown>> {
  const data: Record<string, unknown> = {}
  for (const [room, read] of Object.entries(rooms)) data[room] = await read(db, viewer)
  return data
}
