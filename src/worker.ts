import { Logger, parseCronItems, run, type TaskList } from 'graphile-worker'
import { askAfterwards, askHosts, remindGuests, sweepHolds } from '#activities/server/tasks/by-the-clock.ts'
import {
  tellGuestsItIsNotCertain,
  tellGuestsItIsOff,
  tellGuestsItIsOn,
  tellGuestsOfChange,
} from '#activities/server/tasks/changed.ts'
import { followWeek } from '#activities/server/tasks/follow-week.ts'
import { keepRetention, tellBackup, tellOfUndelivered } from '#desk/server/tasks.ts'
import { moveSeriesOn, recountActivities } from '#activities/server/tasks/recount.ts'
import { endImports, forgetImports, tellImportedHosts } from '#activities/server/tasks/after-import.ts'
import { bringInPressed, readGiven, takeBackImport } from '#activities/server/tasks/import.ts'
import { copyLedgers } from '#consent/server/ledger-copy.ts'
import { replayLedger } from '#consent/server/replay.ts'
import { followLedger } from '#desk/server/following.ts'
import { isHeld } from '#consent/server/reads/holds.ts'
import { remindOfStewards } from '#consent/server/tasks-stewards.ts'
import { noteEnds, remindOfEnds, remindOfReviews } from '#consent/server/tasks.ts'
import { endHoldsOver } from '#consent/server/writes/holds.ts'
import { askForAnswers } from '#letters/server/tasks/ask.ts'
import { followLetters } from '#letters/server/tasks/follow.ts'
import { readReturned } from '#letters/server/tasks/mailbox.ts'
import { sendLetter } from '#letters/server/tasks/send.ts'
import {
  eraseDropped,
  eraseReplaced,
  eraseUnderCover,
  purgeOriginals,
  sweepPictures,
} from '#media/server/tasks/erase.ts'
import { makeAvif, makePicture } from '#media/server/tasks/make.ts'
import {
  bringDirectoryIn,
  forgetDirectoryFiles,
  readDirectory,
  takeDirectoryBack,
} from '#letters/server/tasks/directory.ts'
import { readConfig } from '#platform/server/config.ts'
import { beat } from '#platform/server/beats.ts'
import { connect, type Db } from '#platform/server/db.ts'
import { log, safeError } from '#platform/server/log.ts'
import { deliverMail, keepDelivering } from '#platform/server/deliver-mail.ts'
import { openPostbox } from '#platform/server/postbox.ts'
import { openMaker } from '#platform/server/images.ts'
import { addJob, giveBackJobs, type JobPayload, type Task } from '#platform/server/queue.ts'
import { workFolders } from '#platform/server/receiving.ts'
import { openStore } from '#platform/server/storage-site.ts'
import { siteSettings } from '#site/server/reads.ts'
import { readLinkedPost } from '#stories/server/tasks/link.ts'
import { lookAgain } from '#stories/server/tasks/names.ts'
import { tellOfNo } from '#stories/server/tasks/refused.ts'
import { tellOfReply } from '#stories/server/tasks/reply.ts'
import { placePicture } from '#stories/server/writes/pictures.ts'
import { tellOfWeek } from '#weeks/server/tasks.ts'

const config = readConfig()
if (!config.databaseUrl) throw new Error('The worker needs DATABASE_URL; `npm start` sets it')
const db = connect(config.databaseUrl, 8)
const post = openPostbox(config)
const nameOfSite = async (on: Db): Promise<string> => (await siteSettings(on)).name
const store = openStore(config)
const folders = await workFolders(config.dataDir)
const workshop = { store, folder: folders.making, maker: openMaker(folders.making, false) }
const slowWorkshop = { ...workshop, maker: openMaker(folders.making, true) }

/** What happens when something has happened: the one table of event → tasks. */
export const reactions: Record<string, Record<string, Task>> = {
  'mail.failed': { tell: tellOfUndelivered },
  // Payload: one delivery whose turn it is.
  'letter.due': { send: sendLetter(post, nameOfSite) },
  'week.announced': { tell: tellOfWeek },
  'week.moved': { activities: followWeek },
  'import.given': { read: readGiven() },
  'import.pressed': { bring: bringInPressed },
  'import.done': { hosts: tellImportedHosts },
  'import.taken-back': { undo: takeBackImport },
  'directory.given': { read: readDirectory },
  'directory.pressed': { bring: bringDirectoryIn },
  'directory.taken-back': { undo: takeDirectoryBack },
  // Payload: activity, and change (of activity_changes) or occurrence (one date of a series).
  'activity.changed': { guests: tellGuestsOfChange, stories: lookAgain('activity') },
  'activity.cancelled': { guests: tellGuestsItIsOff },
  'activity.not-certain': { guests: tellGuestsItIsNotCertain },
  'activity.back': { guests: tellGuestsItIsOn },
  // Payload: whose name is known only now; a group that may be called otherwise now.
  'person.named': { stories: lookAgain('person') },
  'group.changed': { stories: lookAgain('group') },
  'picture.received': { make: makePicture(workshop, placePicture) },
  'picture.visible': { avif: makeAvif(slowWorkshop) },
  'picture.replaced': { erase: eraseReplaced(store, isHeld) },
  'picture.dropped': { erase: eraseDropped(store, isHeld) },
  'picture.refused': { teller: tellOfNo },
  'link.given': { read: readLinkedPost() },
  'reply.shown': { teller: tellOfReply },
  'cover.checked': { erase: eraseUnderCover(store, isHeld) },
}

/** What happens by the clock: name → (cron in UTC, task). */
export const clock: Record<string, { at: string; task: Task }> = {
  'end-imports': { at: '*/2 * * * *', task: endImports },
  'forget-imports': { at: '41 3 * * *', task: forgetImports },
  'forget-directory-files': { at: '43 3 * * *', task: forgetDirectoryFiles },
  beat: { at: '* * * * *', task: (to) => beat(to, 'worker') },
  'move-series-on': { at: '*/5 * * * *', task: moveSeriesOn },
  'recount-activities': { at: '41 * * * *', task: recountActivities },
  'sweep-holds': { at: '* * * * *', task: sweepHolds },
  'remind-guests': { at: '*/10 * * * *', task: remindGuests },
  'ask-afterwards': { at: '3,13,23,33,43,53 * * * *', task: askAfterwards },
  'ask-hosts': { at: '6,16,26,36,46,56 * * * *', task: askHosts },
  'end-holds': { at: '* * * * *', task: async (to, _, now) => void (await endHoldsOver(to, now)) },
  'permission-ends': { at: '23 * * * *', task: noteEnds },
  'remind-permission': { at: '31 7 * * *', task: remindOfEnds },
  'remind-stewards': { at: '38 7 * * *', task: remindOfStewards },
  'remind-reviews': { at: '33 7 * * *', task: remindOfReviews },
  'copy-ledgers': { at: '* * * * *', task: copyLedgers(store) },
  retention: { at: '17 3 * * *', task: keepRetention },
  'purge-originals': { at: '23 3 * * *', task: purgeOriginals(store, isHeld) },
  'sweep-pictures': { at: '29 * * * *', task: sweepPictures(store, folders, isHeld) },
  'follow-letters': { at: '*/5 * * * *', task: followLetters },
  'read-returned': { at: '2,7,12,17,22,27,32,37,42,47,52,57 * * * *', task: readReturned(config) },
  'ask-for-answers': { at: '17 7-17 * * *', task: askForAnswers },
  'tell-backup': { at: '41 * * * *', task: tellBackup },
}

/** An event that one task answers runs it; one that several answer becomes a job for each, so that one may fail alone. */
function tasks(): TaskList {
  const list: TaskList = {}
  const perform = (name: string, task: Task) => async (payload: unknown) => {
    try {
      await task(db, payload as JobPayload, new Date())
    } catch (error) {
      log.error({ task: name, error: safeError(error) }, 'a task failed')
      throw error
    }
  }
  for (const [event, all] of Object.entries(reactions)) {
    const [only, ...more] = Object.entries(all)
    if (only && more.length === 0) {
      list[event] = perform(event, only[1])
      continue
    }
    for (const [name, task] of Object.entries(all))
      list[`${event}>${name}`] = perform(`${event}>${name}`, task)
    list[event] = async (payload) => {
      for (const name of Object.keys(all)) await addJob(db, `${event}>${name}`, payload as JobPayload)
    }
  }
  for (const [name, { task }] of Object.entries(clock)) list[`clock.${name}`] = perform(name, task)
  return list
}

// No task answers for anything before what was withdrawn is in force here.
await replayLedger(db, new Date(), followLedger)
await beat(db, 'worker')
await giveBackJobs(db)
const runner = await run({
  connectionString: config.databaseUrl,
  concurrency: 3,
  pollInterval: 1000,
  noHandleSignals: true,
  logger: new Logger(() => (level, message) => {
    if (level === 'error' || level === 'warning') log.warn({ from: 'jobs' }, message)
  }),
  taskList: tasks(),
  parsedCronItems: parseCronItems(
    Object.entries(clock).map(([name, { at }]) => ({ match: at, task: `clock.${name}`, identifier: name })),
  ),
})
const ending = new AbortController()
const delivering = keepDelivering(db, deliverMail(post, nameOfSite, ending.signal), ending.signal)
const beating = setInterval(() => {
  beat(db, 'worker').catch((error: unknown) =>
    log.error({ error: safeError(error) }, 'the worker could not say that it lives'),
  )
}, 30_000)

let stopping = false
const stop = async (): Promise<void> => {
  if (stopping) return
  stopping = true
  // A database that is gone cannot hold us up.
  setTimeout(() => process.exit(1), 8000).unref()
  clearInterval(beating)
  ending.abort()
  await Promise.all([runner.stop(), delivering])
  await db.destroy()
  process.exit(0)
}
process.on('SIGTERM', () => void stop())
process.on('SIGINT', () => void stop())
process.on('disconnect', () => void stop())
if (process.send && !process.connected) await stop()
process.send?.('ready')
await runner.promise
