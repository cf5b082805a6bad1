import { error } from '@sveltejs/kit'
import { ownAccountData } from '#accounts/server/reads/people.ts'
import { textIn } from '#kernel/messages.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Db } from '#platform/server/db.ts'
import type { RequestHandler } from './$types'

/** What each room keeps about the viewer, under the room's name. */
const rooms: Record<string, (db: Db, viewer: Viewer) => Promise<unknown>> = { accounts: ownAccountData }

export const GET: RequestHandler = async ({ locals }) => {
  if (locals.viewer.account === null) error(404, textIn(locals.language)('refusal.missing'))
  const data: Record<string, unknown> = {}
  for (const [room, read] of Object.entries(rooms)) data[room] = await read(locals.db, locals.viewer)
  return new Response(`${JSON.stringify(data, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="my-data.json"',
      'cache-control': 'private, no-store',
    },
  })
}
