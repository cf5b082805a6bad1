import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { setLetters, type Sheet } from '#letters/server/paper/paper.ts'
import { openTypesetter, type Typesetter } from '#platform/server/typeset.ts'
import type { Setting } from '#platform/server/typeset/setting.ts'
import { startChild } from './processes.ts'
import { here, type Row } from './rows.ts'

const atOnce = availableParallelism()
const each = 60
const rounds = 9
const choices = { envelope: 'dl', largePrint: false, language: 'en', list: false } as const

/** A letter of one page, like no other. */
const sheet = (at: number): Sheet => ({
  language: 'en',
  sender: { name: `Ann Example ${at}`, lines: [`${at} Long Road`, 'Leeds LS1 1AA'] },
  address: [`Councillor Q. Khan ${at}`, 'Leeds City Council', 'Civic Hall', 'Leeds LS1 1UR'],
  day: '2027-10-18',
  title: 'Come and see it for half an hour',
  greeting: 'Dear Councillor Khan,',
  words: Array.from(
    { length: 4 },
    (_, part) =>
      `My son Sam hums when he is happy (${at}.${part}). ${'I hum back. Come and see. '.repeat(8)}`,
  ).join('\n\n'),
  closing: 'Yours sincerely,',
  signatures: [],
  code: `K7QD-${1000 + (at % 9000)}`,
  replyAddress: `https://week.example/reply/K7QD-${at}`,
  who: 'A Bit Extra is run by people who volunteer. Nobody pays for this letter.',
})

/** What the product asks Typst for, to set the same without it. */
async function settingOf(one: Sheet): Promise<Setting> {
  const asked: Setting[] = []
  const listens: Typesetter = {
    set: async (setting) => {
      asked.push(setting)
      return { bytes: new Uint8Array(), pages: 1 }
    },
    stop: () => undefined,
  }
  await setLetters(listens, [one], choices)
  const [setting] = asked
  if (!setting) throw new Error('nothing was asked of Typst')
  return setting
}

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now()
  await work()
  return (performance.now() - began) / 1000
}

/** Letters on paper, each its own file, beside Typst alone in as many processes; and a thousand in one file. */
export async function letterRows(): Promise<Row[]> {
  const typesetter = openTypesetter()
  const limits = await Promise.all(Array.from({ length: atOnce }, () => startChild(here('limit-typst.ts'))))
  let made = 0
  const ours = async (count: number): Promise<number> => {
    let left = count
    const one = async (): Promise<void> => {
      while (left-- > 0) await setLetters(typesetter, [sheet((made += 1))], choices)
    }
    return count / (await seconds(() => Promise.all(Array.from({ length: 2 * atOnce }, one))))
  }
  const theirs = async (count: number): Promise<number> => {
    const all = await Promise.all(
      limits.map(() =>
        Promise.all(Array.from({ length: count / atOnce }, () => settingOf(sheet((made += 1))))),
      ),
    )
    const set = limits.map(async ({ child }, at) => {
      child.send(all[at] ?? [])
      await once(child, 'message')
    })
    return count / (await seconds(() => Promise.all(set)))
  }
  try {
    const count = each * atOnce
    await ours(count / 2)
    await theirs(count / 2)
    const all: { we: number; they: number }[] = []
    for (let round = 0; round < rounds; round += 1)
      all.push({ we: await ours(count), they: await theirs(count) })
    const middle = all.toSorted((a, b) => a.we / a.they - b.we / b.they)[rounds >> 1] ?? { we: 0, they: 1 }
    const thousand = Array.from({ length: 1000 }, (_, at) => sheet(at))
    const taken = await seconds(() => setLetters(typesetter, thousand, { ...choices, list: true }))
    const ratio = middle.we / middle.they
    return [
      {
        what: `letters, ${atOnce} at once`,
        we: `${ratio.toFixed(2)} × Typst (${Math.round(middle.we)}/s beside ${Math.round(middle.they)}/s)`,
        bar: '≥ 0.8 × Typst',
        holds: ratio >= 0.8,
      },
      {
        what: '1,000 letters in one file',
        we: `${taken.toFixed(1)} s`,
        bar: '≤ 10 s',
        holds: taken <= 10,
      },
    ]
  } finally {
    typesetter.stop()
    for (const { child } of limits) child.kill('SIGKILL')
  }
}
