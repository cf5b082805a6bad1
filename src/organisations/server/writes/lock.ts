import { missing } from '#kernel/refusal.ts'
import type { Viewer } from '#kernel/viewer.ts'
import type { Standing } from '#organisations/organisation.ts'
import { organisationOf, type SeenOrganisation } from '#organisations/server/reads/organisations.ts'
import type { Trx } from '#platform/server/db.ts'

/** Locks an organisation and answers it as it then stands; refuses as missing when it is not there, or the viewer may not do this with it. */
export async function lockOrganisation(
  trx: Trx,
  viewer: Viewer,
  slug: string,
  may: (viewer: Viewer, of: Standing) => boolean,
): Promise<SeenOrganisation> {
  if (!(await organisationOf(trx, viewer, slug))) throw missing()
  await trx.selectFrom('organisations').select('id').where('slug', '=', slug).forUpdate().executeTakeFirst()
  const organisation = await organisationOf(trx, viewer, slug)
  if (!organisation || !may(viewer, organisation)) throw missing()
  return organisation
}
