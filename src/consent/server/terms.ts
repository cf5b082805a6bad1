import { rulesOf, lastsTo } from '#consent/ceiling.ts'
import type { Id } from '#consent/events.ts'
import type { Route } from '#kernel/permission-words.ts'
import { dayEndsEverywhere } from '#kernel/times.ts'
import { policyInForce } from '#organisations/server/reads/policies.ts'
import type { Trx } from '#platform/server/db.ts'
import { currentWeek } from '#weeks/server/reads.ts'

/** Answers how long a permission given now lasts: the week and as many days after it as the policy says. `base` is the end of the week, or now when it is over. */
export async function termOf(
  trx: Trx,
  route: Route,
  organisation: Id | null,
  now: Date,
): Promise<{ starts: number; ends: number; base: number }> {
  const week = await currentWeek(trx, now)
  const over = week ? dayEndsEverywhere(week.sunday).getTime() : 0
  const base = Math.max(over, now.getTime())
  const rules = rulesOf(await policyInForce(trx, organisation, now))
  return { starts: now.getTime(), ends: lastsTo([rules], route, base), base }
}
