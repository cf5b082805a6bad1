import type { Db } from '#platform/server/db.ts'

export type PeopleToChoose = {
  people: { id: string; label: string }[]
  supported: { id: string; label: string }[]
}

/** Answers whom a poster can tap as being in a picture: people already said on this surface, and those the poster's organisation supports; at most 200 of each. Labels only. */
export async function peopleToChoose(
  db: Db,
  input: { surface: string; organisation: string | null },
): Promise<PeopleToChoose> {
  const [people, supported] = await Promise.all([
    db
      .selectFrom('appearances as a')
      .innerJoin('peopleShown as p', 'p.id', 'a.person')
      .select(['p.id', 'p.label'])
      .distinct()
      .where('a.surface', '=', input.surface)
      .where('p.supported', 'is', null)
      .orderBy('p.label')
      .limit(200)
      .execute(),
    input.organisation === null
      ? []
      : db
          .selectFrom('supportedPeople')
          .select(['id', 'label'])
          .where('organisation', '=', input.organisation)
          .where('parted', 'is', null)
          .orderBy('label')
          .limit(200)
          .execute(),
  ])
  return { people, supported }
}
