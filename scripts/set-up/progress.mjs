/** @param {number} since */
const seconds = (since) => `${((Date.now() - since) / 1000).toFixed(1)} s`

/**
 * One line per step: it moves in a terminal, and is repeated now and then where there is none.
 * @param {string} what
 */
export function progress(what, detail = () => '') {
  const since = Date.now()
  const terminal = process.stdout.isTTY
  const line = () => `${what}… ${[detail(), seconds(since)].filter(Boolean).join(', ')}`
  if (!terminal) console.log(`${what}…`)
  const timer = setInterval(
    () => (terminal ? process.stdout.write(`\r\x1b[K${line()}`) : console.log(line())),
    terminal ? 250 : 20_000,
  )
  return {
    end: (/** @type {boolean} */ good) => {
      clearInterval(timer)
      console.log(`${terminal ? '\r\x1b[K' : ''}${what}: ${good ? 'done' : 'stopped'}, ${seconds(since)}`)
    },
  }
}
