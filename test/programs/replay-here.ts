import { replayLedger } from '#consent/server/replay.ts'
import { followLedger } from '#desk/server/following.ts'
import { connect } from '#platform/server/db.ts'

// Replays the ledger of the data folder into a database, as every process does when it starts.
const [url = '', now = ''] = process.argv.slice(2)
const db = connect(url, 1)
await replayLedger(db, new Date(now), followLedger)
await db.destroy()
