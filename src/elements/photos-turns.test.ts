import { expect, test } from 'vitest'
import { inTurn } from '#elements/photos/turns.ts'

test('one that takes long to prepare is begun before the next, which was ready', async () => {
  const [first, second, third] = inTurn(3)
  const begun: string[] = []
  const send = async (name: string, turn: typeof first, ready: Promise<void>): Promise<void> => {
    await ready
    await turn?.wait
    begun.push(name)
    turn?.begun()
  }
  let covered = (): void => undefined
  const slow = new Promise<void>((done) => (covered = done))
  const all = [
    send('first', first, slow),
    send('second', second, Promise.resolve()),
    send('third', third, slow),
  ]
  await Promise.resolve()
  expect(begun).toEqual([])
  covered()
  await Promise.all(all)
  expect(begun).toEqual(['first', 'second', 'third'])
})
