import { connect } from '#platform/server/db.ts'
import { readConfig } from '#platform/server/config.ts'
import { seedExample, seedWeeks } from '../seed.ts'
import { seedDoors } from '../seed/doors.ts'
import { loadPlaces } from '#platform/server/places.ts'

const { databaseUrl } = readConfig()
if (!databaseUrl) throw new Error('Filling in the first data needs DATABASE_URL')
const db = connect(databaseUrl, 1)
await loadPlaces(db)
await seedDoors(db)
if (process.argv.includes('--example')) await seedExample(db)
else await seedWeeks(db, 'facts', new Date())
await db.destroy()
process.disconnect?.()
