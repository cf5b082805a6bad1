import { guestCalendar } from '#activities/server/guest-calendar.ts'
import { guestByWord } from '#activities/server/reads/rsvp.ts'
import { textIn } from '#kernel/messages.ts'
import type { RequestHandler } from './$types'

export const GET: RequestHandler = async ({ locals, params }) => {
  const guest = await guestByWord(locals.db, params.token)
  if (!guest) {
    return new Response(textIn(locals.language)('come.link'), {
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    })
  }
  return new Response(guestCalendar(guest, locals.now), {
    headers: {
      'content-type': 'text/calendar; charset=utf-8',
      'content-disposition': 'attachment; filename="activity.ics"',
    },
  })
}
