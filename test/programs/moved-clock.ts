// Loaded into the product by journeys that live through several days: its clock is ahead by what CLOCK_FILE says,
// milliseconds. PostgreSQL keeps its own clock.
import { readFileSync } from 'node:fs'

const file = process.env['CLOCK_FILE']
const realNow = Date.now
let ahead = 0
if (file) {
  const look = () => void (ahead = Number(readFileSync(file, 'utf8')))
  look()
  setInterval(look, 100).unref()
}
const now = () => realNow() + ahead

globalThis.Date = new Proxy(Date, {
  construct: (date, args, made) => Reflect.construct(date, args.length > 0 ? args : [now()], made) as Date,
  get: (date, name) => (name === 'now' ? now : (Reflect.get(date, name) as unknown)),
})
