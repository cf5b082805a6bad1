import type { Compilable, CompiledQuery } from 'kysely'
import type { Db } from '#platform/server/db.ts'

/** Makes a question whose SQL is put together at its first asking and kept: for a question of many parts that takes as long as asking it. `standIns` are values that stand nowhere else in it, and are replaced by those of each asking; `build` must not look into them. */
export function builtOnce<Values extends readonly [unknown, ...unknown[]], Row>(
  standIns: Values,
  build: (db: Db, values: Values) => Compilable<Row>,
): (db: Db, values: Values) => Promise<Row[]> {
  let built: { query: CompiledQuery<Row>; places: number[] } | undefined
  return async (db, values) => {
    if (!built) {
      const query = build(db, standIns).compile()
      built = { query, places: query.parameters.map((one) => standIns.indexOf(one)) }
    }
    const { query, places } = built
    const parameters = query.parameters.map((one, at) => {
      const place = places[at] ?? -1
      return place < 0 ? one : values[place]
    })
    return (await db.executeQuery<Row>({ ...query, parameters })).rows
  }
}
