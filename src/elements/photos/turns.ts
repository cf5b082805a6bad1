/** When a picture may begin to be sent, and what it says when it has begun or never will. */
export type Turn = { wait: Promise<void>; begun: () => void }

/** Lets so many begin one after the other, however long each is prepared: pictures stand in the order in which they were begun. */
export function inTurn(count: number): Turn[] {
  let wait = Promise.resolve()
  return Array.from({ length: count }, () => {
    let begun = (): void => undefined
    const turn = { wait, begun: () => begun() }
    wait = new Promise((done) => (begun = done))
    return turn
  })
}
