import { startWeb } from '#web.ts'

const web = await startWeb({ port: 0, host: '127.0.0.1' })
const address = web.server.address()
if (address && typeof address === 'object') process.send?.(address.port)
process.on('disconnect', () => process.exit(0))
