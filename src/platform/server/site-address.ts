import type { Config } from '#platform/server/config.ts'

/** Answers the address of the site that stands in mails and feeds: SITE_URL, or this machine's. */
export const siteAddress = (config: Pick<Config, 'siteUrl' | 'port'>): string =>
  config.siteUrl ?? `http://localhost:${config.port ?? 3000}`
