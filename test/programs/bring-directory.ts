import { bringDirectoryIn } from '#letters/server/tasks/directory.ts'
import { connect } from '#platform/server/db.ts'

// Brings an import of the directory in as the worker does, to be killed while it does.
const [url = '', id = '', now = ''] = process.argv.slice(2)
const db = connect(url, 2)
await bringDirectoryIn(db, { import: id }, new Date(now))
await db.destroy()
