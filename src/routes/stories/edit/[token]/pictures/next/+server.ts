import { setTimeout as pause } from 'node:timers/promises'
import { redirect } from '@sveltejs/kit'
import { readReceipt } from '#media/receipt.ts'
import { afterArrival } from '#stories/server/reads/own-pictures.ts'
import type { RequestHandler } from './$types'

/** How often it is looked whether the pictures are ready, and how long between, milliseconds: most are within two seconds. */
const looks = 12
const between = 300

/** Leads whoever has just sent pictures to the first of which nobody has said who is in it, once all are ready; to the page with all of them when that takes longer, or something did not arrive. */
export const GET: RequestHandler = async ({ locals, params, url }) => {
  const { db, viewer, now } = locals
  const all = `/stories/edit/${params.token}/pictures`
  const receipt = readReceipt(url.searchParams)
  const whole = receipt !== null && receipt.received > 0 && receipt.refused.length === 0
  let came = await afterArrival(db, viewer, params.token, now)
  for (let look = 1; whole && came.making && look < looks; look += 1) {
    await pause(between)
    came = await afterArrival(db, viewer, params.token, now)
  }
  const { making, refused, unsaid } = came
  const plain = !whole || making || refused || unsaid === null
  redirect(303, `${plain ? all : `${all}/${unsaid}`}${url.search}`)
}
