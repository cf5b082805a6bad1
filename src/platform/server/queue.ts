import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#platform/server/db.ts'

/** What a job carries: ids and little else. Never an address, a name or a text. */
export type JobPayload = Record<string, string | number | boolean | null>

export type JobOptions = {
  /** Not before this moment. */
  runAt?: Date
  /** One waiting job per key; a later one takes its place. */
  key?: string
  maxAttempts?: number
  /** Jobs of one queue are done one after the other. */
  queue?: string
  /** The smaller, the sooner; 0 unless told otherwise. */
  priority?: number
}

/** Puts a job into the queue in the caller's own transaction, so that it exists exactly when what it reports does. */
export async function addJob(
  db: Db,
  name: string,
  payload: JobPayload,
  options: JobOptions = {},
): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${name}::text, ${JSON.stringify(payload)}::json,
    run_at => ${options.runAt ?? null}::timestamptz,
    job_key => ${options.key ?? null}::text,
    max_attempts => ${options.maxAttempts ?? 12}::int,
    queue_name => ${options.queue ?? null}::text,
    priority => ${options.priority ?? null}::int)`.execute(db)
}

/** Puts many jobs of one name into the queue at once, each with its key. */
export async function addJobs(
  db: Db,
  name: string,
  jobs: readonly { payload: JobPayload; key: string; runAt?: Date }[],
): Promise<void> {
  await sql`select graphile_worker.add_job(
    ${name}::text, job -> 'payload', run_at => (job ->> 'runAt')::timestamptz,
    job_key => job ->> 'key', max_attempts => 12)
    from json_array_elements(${JSON.stringify(jobs)}::json) job`.execute(db)
}

/** Asks, as a part of a statement, whether the job of a key still waits or is being done; one that failed for the last time is neither. */
export const jobLives = (key: RawBuilder<string>): RawBuilder<boolean> =>
  sql<boolean>`exists (select from graphile_worker.jobs job
    where job.key = ${key} and (job.attempts < job.max_attempts or job.locked_at is not null))`

/** Gives back the jobs that a killed worker had in hand; they would wait four hours otherwise. For a worker that starts: what another worker has in hand just now runs twice, as every task may. Idempotent. */
export async function giveBackJobs(db: Db): Promise<void> {
  await sql`select graphile_worker.force_unlock_workers(
    array(select distinct locked_by from graphile_worker.jobs where locked_by is not null))`.execute(db)
}

/** A piece of background work: given ids, may run twice, answers nothing. */
export type Task = (db: Db, payload: JobPayload, now: Date) => Promise<void>

/** Answers the text of one entry of a payload; throws when it is not there, because then the job itself is wrong. */
export function idIn(payload: JobPayload, name: string): string {
  const value = payload[name]
  if (typeof value !== 'string') throw new Error(`A job lacks "${name}"`)
  return value
}
