import { readConfig } from '#platform/server/config.ts'
import { connect } from '#platform/server/db.ts'
import { type Shown, showStory } from '../test/consent/shown.ts'
import { stageFor } from '../test/consent/stage.ts'
import { withWeb, type Row, type Site } from './rows.ts'

const tries = 5
const patience = 10_000

/** Every address at which a story, or a byte of its picture, is seen. */
const addressesOf = ({ slug, version, search }: Shown, address: string): string[] => [
  `${address}/stories/${slug}`,
  `${address}/stories?week=2027&q=${search}`,
  `${address}/stories.atom?week=2027&q=${search}`,
  `${address}/media/${version}/640.jpg`,
]

async function isSeen(address: string, { slug }: Shown): Promise<boolean> {
  const answer = await fetch(address)
  const words = await answer.text()
  return answer.status === 200 && (address.includes('/media/') || words.includes(slug))
}

/** How long after the press of "take my yes back" a story is still seen anywhere: its page, the wall, the feed and its picture, in two web processes that keep pages. */
export async function withdrawalRow(site: Site): Promise<Row> {
  const { dataDir } = readConfig()
  const db = connect(site.url, 2)
  try {
    const stage = await stageFor(db)
    const times = await withWeb(site, { CACHE: 'on' }, (one) =>
      withWeb(site, { CACHE: 'on' }, async (two) => {
        const all: number[] = []
        for (let round = 0; round < tries; round += 1)
          all.push(await goneAfter(await showStory({ db, dataDir, stage }), [one, two]))
        return all
      }),
    )
    const worst = Math.max(...times)
    return {
      what: `${site.size.name}: withdrawal, gone from page, wall, feed and picture of two web processes`,
      we: `${Math.round(worst)} ms at worst of ${tries}`,
      bar: '≤ 1,000 ms',
      holds: worst <= 1000,
    }
  } finally {
    await db.destroy()
  }
}

/** Milliseconds from the press to the first moment at which nothing of a story is seen. */
async function goneAfter(story: Shown, sites: readonly string[]): Promise<number> {
  const addresses = sites.flatMap((address) => addressesOf(story, address))
  // Twice, so that what is kept answers.
  for (let round = 0; round < 2; round += 1) {
    const seen = await Promise.all(addresses.map((address) => isSeen(address, story)))
    const hidden = addresses.filter((_, at) => !seen[at])
    if (round === 1 && hidden.length > 0) throw new Error(`It ought to be seen before: ${hidden.join(' ')}`)
  }
  const [site = ''] = sites
  const since = performance.now()
  const pressed = fetch(`${site}/consent/${story.token}?/withdraw`, {
    method: 'POST',
    redirect: 'manual',
    headers: { origin: site, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ formKey: crypto.randomUUID() }),
  })
  const gone = addresses.map(async (address) => {
    while (await isSeen(address, story)) {
      if (performance.now() - since > patience) throw new Error(`${address} still shows it`)
    }
    return performance.now() - since
  })
  const { status } = await pressed
  if (status >= 400) throw new Error(`the press was answered ${status}`)
  return Math.max(...(await Promise.all(gone)))
}
