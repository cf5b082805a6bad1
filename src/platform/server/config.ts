import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join, resolve } from 'node:path'
import * as v from 'valibot'

const maybe = v.pipe(
  v.optional(v.string(), ''),
  v.transform((value) => (value === '' ? null : value)),
)

const environment = v.object({
  DATABASE_URL: maybe,
  STORAGE_URL: maybe,
  AWS_ACCESS_KEY_ID: maybe,
  AWS_SECRET_ACCESS_KEY: maybe,
  AWS_SESSION_TOKEN: maybe,
  SMTP_URL: maybe,
  IMAP_URL: v.pipe(
    maybe,
    v.check(
      (url) => url === null || (URL.canParse(url) && /^imaps?:$/.test(new URL(url).protocol)),
      'IMAP_URL must be a whole address, like imaps://name:password@mail.example.org',
    ),
  ),
  SITE_URL: v.pipe(
    maybe,
    v.check(
      (url) => url === null || URL.canParse(url),
      'SITE_URL must be a whole address, like https://week.example.org',
    ),
    v.transform((url) => (url === null ? null : new URL(url).origin)),
  ),
  PORT: v.pipe(
    maybe,
    v.check(
      (port) => port === null || (/^\d{1,5}$/.test(port) && Number(port) < 65536),
      'PORT must be a number up to 65535',
    ),
    v.transform((port) => (port === null ? null : Number(port))),
  ),
  HOST: v.pipe(
    maybe,
    v.transform((host) => host ?? '127.0.0.1'),
  ),
  ROLE: v.pipe(
    v.optional(v.string(), 'all'),
    v.picklist(['web', 'worker', 'all'], 'ROLE must be web, worker or all'),
  ),
  DATA_DIR: v.pipe(
    maybe,
    v.transform((folder) => resolve(folder ?? 'data')),
  ),
  SECRET: v.pipe(
    maybe,
    v.check((secret) => secret === null || secret.length >= 32, 'SECRET needs at least 32 characters'),
  ),
  TRUSTED_PROXIES: v.pipe(
    maybe,
    v.transform((list) => (list ?? '').split(/[\s,]+/).filter(Boolean)),
  ),
  CACHE: v.pipe(v.optional(v.string(), 'on'), v.picklist(['on', 'off'], 'CACHE must be on or off')),
  METRICS_TOKEN: maybe,
  LOG: v.pipe(v.optional(v.string(), 'info'), v.picklist(['silent', 'error', 'warn', 'info', 'debug'])),
})

export type Config = {
  databaseUrl: string | null
  storageUrl: string | null
  /** For a bucket whose address names no key. */
  storageKeys: { key: string | null; secret: string | null; token: string | null }
  smtpUrl: string | null
  /** The mailbox to which mails come back that could not be delivered. */
  imapUrl: string | null
  siteUrl: string | null
  port: number | null
  host: string
  role: 'web' | 'worker' | 'all'
  dataDir: string
  secret: string | null
  trustedProxies: string[]
  cache: boolean
  metricsToken: string | null
  log: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/** Reads the settings of this process; throws one sentence a person can act on when a setting cannot be meant. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const read = v.safeParse(environment, env)
  if (!read.success) throw new Error(read.issues.map((issue) => issue.message).join('\n'))
  const value = read.output
  return {
    databaseUrl: value.DATABASE_URL,
    storageUrl: value.STORAGE_URL,
    storageKeys: {
      key: value.AWS_ACCESS_KEY_ID,
      secret: value.AWS_SECRET_ACCESS_KEY,
      token: value.AWS_SESSION_TOKEN,
    },
    smtpUrl: value.SMTP_URL,
    imapUrl: value.IMAP_URL,
    siteUrl: value.SITE_URL,
    port: value.PORT,
    host: value.HOST,
    role: value.ROLE,
    dataDir: value.DATA_DIR,
    secret: value.SECRET,
    trustedProxies: value.TRUSTED_PROXIES,
    cache: value.CACHE === 'on',
    metricsToken: value.METRICS_TOKEN,
    log: value.LOG,
  }
}

/** Answers the site's secret; makes one and keeps it in the data folder, readable by its owner only, when none was given. */
export function siteSecret(config: Config): string {
  if (config.secret) return config.secret
  const file = join(config.dataDir, 'secret')
  if (!existsSync(file)) {
    mkdirSync(config.dataDir, { recursive: true })
    writeFileSync(file, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 })
    chmodSync(file, 0o600)
  }
  return readFileSync(file, 'utf8').trim()
}
