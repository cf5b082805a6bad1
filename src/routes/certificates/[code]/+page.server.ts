import * as v from 'valibot'
import { sayDay } from '#kernel/times.ts'
import { nameForm } from '#kits/certificate.ts'
import { certificateBy, checkCertificate } from '#kits/server/certificates.ts'
import { act } from '../../act.ts'
import type { Actions, PageServerLoad } from './$types'

export const load: PageServerLoad = async ({ locals, params }) => {
  const { made, activity } = await certificateBy(locals.db, params.code, locals.now)
  return {
    code: params.code.toUpperCase(),
    made: sayDay(made.toISOString().slice(0, 10), locals.language, true),
    activity,
  }
}

export const actions: Actions = {
  default: (event) =>
    act(
      v.object({ code: v.string(), ...nameForm.entries }),
      (db, viewer, input, now) =>
        checkCertificate(db, viewer, { ...input, from: event.getClientAddress() }, now).then((real) => ({
          real,
          name: input.name,
        })),
      (checked) => ({ checked }),
    )(event),
}
