import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

type Activity = {
  slug: string
  state: string
  timing: 'week' | { day: string } | { start: string; end?: string; zone: string }
}
type Story = {
  slug: string
  title: string
  body: string
  kind: string
  country: string
  town: string
  authorName: string
  withName?: string
  activity?: string
  group?: string
  language: string
  drawing: number
  drawingWords: string
  published: string
  zone: string
}
type Report = {
  activity: string
  came: number
  new: number
  audiences: Record<string, number>
  sentence: string
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as T
const activities = new Map(
  read<Activity[]>('example/activities.json').map((activity) => [activity.slug, activity]),
)
const stories = read<Story[]>('example/stories.json')
const reports = read<Report[]>('example/reports.json')
const kinds = new Set(read<{ code: string }[]>('kinds.json').map((kind) => kind.code))
const groups = new Set(read<{ slug: string }[]>('example/groups.json').map((group) => group.slug))
const audienceCodes = new Set(
  read<{ audiences: { code: string }[] }>('audiences.json').audiences.map((audience) => audience.code),
)

function publishedActivity(slug: string): Activity {
  const activity = activities.get(slug)
  if (activity?.state !== 'published') throw new Error(`${slug} is not a published activity`)
  return activity
}

describe('stories', () => {
  test('there are forty, each with its own address, title and drawing', () => {
    expect(stories).toHaveLength(40)
    expect(new Set(stories.map((story) => story.slug)).size).toBe(40)
    expect(new Set(stories.map((story) => story.title)).size).toBe(40)
    expect(new Set(stories.map((story) => story.drawing)).size).toBe(40)
    for (const { slug, drawing, drawingWords } of stories) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      expect(drawing).toBeGreaterThanOrEqual(1)
      expect(drawing).toBeLessThanOrEqual(40)
      expect(drawingWords, slug).toMatch(/\S{3}/)
    }
  })

  test('each is 60 to 250 words, a long one up to 400, by somebody, of a kind, a country and perhaps a group', () => {
    const long = stories.filter((story) => story.body.includes('\n# '))
    expect(long.length).toBeGreaterThanOrEqual(2)
    for (const story of stories) {
      const length = story.body.split(/\s+/).length
      expect(length, story.slug).toBeGreaterThanOrEqual(60)
      expect(length, story.slug).toBeLessThanOrEqual(long.includes(story) ? 400 : 250)
      expect(story.authorName, story.slug).toMatch(/\S/)
      expect(kinds, story.slug).toContain(story.kind)
      expect(story.country, story.slug).toMatch(/^[A-Z]{2}$/)
      if (story.group) expect(groups, story.slug).toContain(story.group)
    }
  })

  test('nobody is scored, and nobody is called by a diagnosis', () => {
    const never =
      /\b(low|high)[- ]functioning|suffers? from|wheelchair[- ]bound|non-?verbal|severe(ly)? |profound|\blevel \d|\bscored?\b|clients?\b|service users?\b/i
    for (const story of stories) expect(`${story.title} ${story.body}`, story.slug).not.toMatch(never)
  })

  test('each is told in or after the week, once what it tells of has ended', () => {
    for (const { slug, activity, published, zone } of stories) {
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone }), slug).not.toThrow()
      expect(published >= '2027-10-18T00:00', slug).toBe(true)
      expect(published <= '2027-11-23T23:59', slug).toBe(true)
      if (!activity) continue
      const { timing } = publishedActivity(activity)
      const ended =
        timing === 'week'
          ? '2027-10-24T23:59'
          : 'day' in timing
            ? `${timing.day}T23:59`
            : (timing.end ?? timing.start)
      expect(published > ended, `${slug} ${published} ${ended}`).toBe(true)
    }
  })
})

describe('reports', () => {
  test('at least twenty-five published activities are reported once each', () => {
    expect(reports.length).toBeGreaterThanOrEqual(25)
    expect(new Set(reports.map((report) => report.activity)).size).toBe(reports.length)
    for (const report of reports) expect(publishedActivity(report.activity).slug).toBe(report.activity)
  })

  test('no more people are new than came, and no more are told apart than are new', () => {
    for (const report of reports) {
      expect(report.new, report.activity).toBeLessThanOrEqual(report.came)
      const toldApart = Object.values(report.audiences).reduce((sum, number) => sum + number, 0)
      expect(toldApart, report.activity).toBeLessThanOrEqual(report.new)
      for (const code of Object.keys(report.audiences)) expect(audienceCodes).toContain(code)
      expect(report.sentence, report.activity).toMatch(/\S/)
    }
  })
})
