import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'

// The limit beside the page cache: plain Node sending one ready gzip buffer of 8.6 kB.
const body = gzipSync(Buffer.alloc(8600, 'x'), { level: 0 }).subarray(0, 8600)
const server = createServer((_request, response) => {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-encoding': 'gzip',
    'content-length': body.length,
  })
  response.end(body)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address && typeof address === 'object') process.send?.(address.port)
})
process.on('disconnect', () => process.exit(0))
