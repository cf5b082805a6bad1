// Loaded into the product by journeys that bring something in from another server: what goes to the address below, which
// is as public as any, ends at a server of the test on this machine. OUTSIDE_FILE says its port.
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'

const outside = '1.2.3.4'
const file = process.env['OUTSIDE_FILE']

type Target = { host?: string; port?: number | string }
const connect: (...args: never[]) => Socket = Reflect.get(Socket.prototype, 'connect')

Socket.prototype.connect = function (this: Socket, ...args: unknown[]): Socket {
  const target = [args[0]].flat()[0] as Target | undefined
  if (file && target?.host === outside) {
    Object.assign(target, { host: '127.0.0.1', port: Number(readFileSync(file, 'utf8')) })
    // Whoever looks at the machine at the other end sees the one that was asked.
    Object.defineProperty(this, 'remoteAddress', { get: () => outside })
  }
  return Reflect.apply(connect, this, args)
}
