import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'

/** Who may import whom, besides kernel, platform, ui, elements and site. */
export const rooms: Record<string, readonly string[]> = {
  weeks: [],
  accounts: ['weeks'],
  organisations: ['accounts', 'weeks'],
  groups: ['accounts', 'organisations', 'weeks'],
  activities: ['accounts', 'organisations', 'weeks', 'groups', 'consent'],
  media: ['accounts', 'organisations'],
  consent: ['accounts', 'organisations', 'weeks', 'media'],
  comments: ['accounts', 'consent'],
  stories: ['accounts', 'organisations', 'weeks', 'groups', 'activities', 'media', 'consent', 'comments'],
  letters: ['accounts', 'weeks', 'groups', 'activities'],
  kits: ['accounts', 'weeks', 'groups', 'activities', 'media', 'consent', 'stories', 'letters'],
  desk: [
    'accounts',
    'organisations',
    'weeks',
    'groups',
    'activities',
    'media',
    'consent',
    'comments',
    'stories',
    'letters',
  ],
}

const ground: Record<string, readonly string[]> = {
  kernel: [],
  ui: ['kernel'],
  platform: ['kernel'],
  elements: ['kernel', 'ui'],
  site: ['kernel', 'platform', 'ui'],
}

/** Which room writes which table. */
export const owners: Record<string, string> = {
  mails: 'platform',
  auditLog: 'platform',
  formKeys: 'platform',
  rateCounts: 'platform',
  beats: 'platform',
  places: 'platform',
  settings: 'site',
  texts: 'site',
  redirects: 'site',
  weeks: 'weeks',
  kinds: 'weeks',
  verbs: 'weeks',
  audiences: 'weeks',
  announcementWishes: 'weeks',
  accounts: 'accounts',
  sessions: 'accounts',
  signIns: 'accounts',
  verifications: 'accounts',
  roles: 'accounts',
  duties: 'accounts',
  organisations: 'organisations',
  policies: 'organisations',
  members: 'organisations',
  supportedPeople: 'organisations',
  paperForms: 'organisations',
  paperAnswers: 'organisations',
  uploads: 'media',
  versions: 'media',
  renditions: 'media',
  peopleShown: 'consent',
  appearances: 'consent',
  sayings: 'consent',
  formVersions: 'consent',
  records: 'consent',
  permissions: 'consent',
  consentLinks: 'consent',
  objections: 'consent',
  signs: 'consent',
  stewards: 'consent',
  placements: 'consent',
  surfaces: 'consent',
  permissionBounds: 'consent',
  holds: 'consent',
  evidence: 'consent',
  evidenceReads: 'consent',
  consentEvents: 'consent',
  withdrawnHashes: 'consent',
  versionHashes: 'consent',
  ledgerPosition: 'consent',
  groups: 'groups',
  groupMembers: 'groups',
  imports: 'activities',
  importRows: 'activities',
  activities: 'activities',
  activityTallies: 'activities',
  activityCells: 'activities',
  occurrences: 'activities',
  hostLinks: 'activities',
  hosts: 'activities',
  activityChanges: 'activities',
  rsvps: 'activities',
  accessRequests: 'activities',
  tableAnswers: 'activities',
  attendanceReports: 'activities',
  replies: 'comments',
  likes: 'comments',
  watchedWords: 'comments',
  stories: 'stories',
  storyLinks: 'stories',
  storyChanges: 'stories',
  linkedPosts: 'stories',
  authorPages: 'stories',
  asks: 'weeks',
  directoryImports: 'letters',
  directoryFiles: 'letters',
  directoryAreas: 'letters',
  directoryOrganisations: 'letters',
  directoryPeople: 'letters',
  directoryPosts: 'letters',
  directoryMemberships: 'letters',
  directoryContacts: 'letters',
  directoryChanges: 'letters',
  directoryCorrections: 'letters',
  directoryPauses: 'letters',
  doors: 'letters',
  letters: 'letters',
  signatures: 'letters',
  officeChoices: 'letters',
  deliveries: 'letters',
  deliveryEvents: 'letters',
  letterReplies: 'letters',
  promises: 'letters',
  doNotWrite: 'letters',
  doNotWriteRequests: 'letters',
  keptMails: 'letters',
  certificates: 'kits',
  concerns: 'desk',
  retentionRuns: 'desk',
}

/** What the site takes from outside its own folder; everything else there is for commands, tests and measuring. */
export const fromOutside: readonly string[] = [
  'messages/en.json',
  'scripts/seed/asks.json',
  'scripts/seed/audiences.json',
  'scripts/seed/kinds.json',
  'scripts/seed/safety.json',
  'scripts/seed/site.json',
  'scripts/seed/verbs.json',
]

/** The files that may be longer than 300 lines; this list only shrinks. */
export const long: readonly string[] = ['src/platform/server/schema.ts']

export type SourceFile = { path: string; words: string }

/** Reads every source file below a folder of the project. */
export function readSources(root: string, folder = 'src'): SourceFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs|svelte|css)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path), words: readFileSync(path, 'utf8') }))
}

const roomOf = (path: string): string => {
  const [, first = ''] = path.split('/')
  return first.includes('.') || first === 'routes' ? 'doors' : first
}

const importsOf = (file: SourceFile): string[] =>
  [
    ...file.words.matchAll(
      /(?:^|[\n;])\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n;]*?)?['"]([^'"\n]+)['"]|import\(\s*['"]([^'"\n]+)['"]/g,
    ),
  ].flatMap((found) => found[1] ?? found[2] ?? [])

/** The file of ours that an import means, from the top of the project; nothing for a package. */
const fileMeant = (from: string, target: string): string | null => {
  if (target.startsWith('#')) return `src/${target.slice(1)}`
  if (!target.startsWith('.')) return null
  return relative(process.cwd(), resolve(dirname(from), target.replace(/\?\w+$/, '')))
}

/** Answers the files outside src that the files of src take, tests left out, as "from → to". */
export const takenFromOutside = (files: SourceFile[]): { from: string; to: string }[] =>
  files
    .filter(({ path }) => path.startsWith('src/') && !path.endsWith('.test.ts'))
    .flatMap((file) =>
      importsOf(file)
        .map((target) => fileMeant(file.path, target))
        .filter((path) => path !== null && !path.startsWith('src/'))
        .map((to) => ({ from: file.path, to: to ?? '' })),
    )

/** Answers every import that the house does not allow, as "from → to". */
export function wrongImports(files: SourceFile[]): string[] {
  const wrong = takenFromOutside(files)
    .filter(({ to }) => !fromOutside.includes(to))
    .map(({ from, to }) => `${from} → ${to}`)
  for (const file of files.filter(({ path }) => path.startsWith('src/'))) {
    const from = roomOf(file.path)
    for (const target of importsOf(file)) {
      if ((target.startsWith('$app') || target.startsWith('@sveltejs/kit')) && from !== 'doors') {
        wrong.push(`${file.path} → ${target}`)
      }
      const path = fileMeant(file.path, target)
      if (path === null || !path.startsWith('src/')) continue
      const to = roomOf(path)
      if (from === 'doors' || to === from) {
        if (file.path.endsWith('.svelte') && path.includes('/server/')) wrong.push(`${file.path} → ${target}`)
        continue
      }
      const allowed = ground[from] ?? [...(rooms[from] ?? []), 'kernel', 'platform', 'ui', 'elements', 'site']
      if (!allowed.includes(to)) wrong.push(`${file.path} → ${target}`)
      if (file.path.endsWith('.svelte') && path.includes('/server/')) wrong.push(`${file.path} → ${target}`)
    }
  }
  return wrong
}

/** Answers every import of a component that is not there, as "from → to": to the check of types every name that ends so is one. */
export function lostComponents(files: SourceFile[]): string[] {
  const there = new Set(files.map(({ path }) => path))
  return files.flatMap((file) =>
    importsOf(file)
      .map((target) => fileMeant(file.path, target))
      .filter((to) => to?.endsWith('.svelte') && !there.has(to))
      .map((to) => `${file.path} → ${to}`),
  )
}

/** Answers every write to a table from outside the room that owns it, as "file writes table". */
export function wrongWrites(files: SourceFile[]): string[] {
  const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  const tables = new Map(
    Object.entries(owners).flatMap(([table, room]) => [
      [table, room],
      [snake(table), room],
    ]),
  )
  const wrong: string[] = []
  for (const file of files) {
    if (file.path.endsWith('.test.ts')) continue
    const writes = [
      ...file.words.matchAll(/(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*['"](\w+)/g),
      ...file.words.matchAll(
        /\b(?:insert into|delete from|update|truncate)\s+"?(\w+)"?\s*(?:\(|set\b|where\b|as\b|;|`)/gi,
      ),
    ]
    for (const found of writes) {
      const owner = tables.get(found[1] ?? '')
      if (owner !== undefined && owner !== roomOf(file.path)) wrong.push(`${file.path} writes ${found[1]}`)
    }
  }
  return wrong
}

/** What a file loads when it runs: all that it imports but types. */
const loads = (file: SourceFile): string[] =>
  importsOf({ ...file, words: file.words.replace(/import type[^\n]*|import \{ type [^}]*\}[^\n]*/g, '') })

/** Answers the packages that are loaded when a file starts, through whatever files of ours; not what is loaded later with `import()`. */
export function packagesOf(files: SourceFile[], start: string): Set<string> {
  const packages = new Set<string>()
  const seen = new Set([start])
  // A set that grows is walked to its new end.
  for (const path of seen) {
    const words = files.find((file) => file.path === path)?.words ?? ''
    for (const target of loads({ path, words: words.replace(/import\([^)]*\)/g, '') })) {
      const meant = fileMeant(path, target)
      if (meant === null) packages.add(target)
      else seen.add(meant)
    }
  }
  return packages
}

/** Answers every circle of imports between files, as the files in it. */
export function circles(files: SourceFile[]): string[] {
  const arrows = new Map<string, string[]>()
  for (const file of files) {
    const to = loads(file).flatMap((target) => fileMeant(file.path, target) ?? [])
    arrows.set(file.path, to)
  }
  const done = new Set<string>()
  const found: string[] = []
  const walk = (path: string, way: string[]): void => {
    const at = way.indexOf(path)
    if (at >= 0) {
      found.push([...way.slice(at), path].join(' → '))
      return
    }
    if (done.has(path)) return
    for (const next of arrows.get(path) ?? []) walk(next, [...way, path])
    done.add(path)
  }
  for (const path of arrows.keys()) walk(path, [])
  return found
}
