import { connect } from '#platform/server/db.ts'
import { readConfig } from '#platform/server/config.ts'
import { loadPlaces } from '#platform/server/places.ts'

const { databaseUrl } = readConfig()
if (!databaseUrl) throw new Error('Filling in the first data needs DATABASE_URL')
const db = connect(databaseUrl, 1)
await loadPlaces(db)
await db.destroy()
process.disconnect?.()
