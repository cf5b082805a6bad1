// Takes uploads in a process of its own, so that it can be killed in the middle; says in one line where.
import { connect } from '#platform/server/db.ts'
import { openDoor } from '../upload-door.ts'

const [root = '', url = ''] = process.argv.slice(2)
const { origin } = await openDoor(connect(url, 2), root)
console.log(origin)
