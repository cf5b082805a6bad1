import { error } from '@sveltejs/kit'
import { textIn } from '#kernel/messages.ts'
import { ownData } from '../own-data.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals }) => {
  if (locals.viewer.account === null) error(404, textIn(locals.language)('refusal.missing'))
  const data = await ownData(locals.db, locals.viewer)
  return new Response(`${JSON.stringify(data, null, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': 'attachment; filename="my-data.json"',
      'cache-control': 'private, no-store',
    },
  })
}
