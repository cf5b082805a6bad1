import type { Channel, DeliveryState } from '#letters/delivery.ts'
import type { Envelope } from '#letters/envelope.ts'
import type { LetterWords } from '#letters/letter.ts'
import type { TakenOffice } from '#letters/own.ts'

/** One letter to one office, as its writer's page shows it. */
export type DeliveryView = {
  id: string
  ref: string | null
  office: string
  address: string[] | null
  email: string | null
  channel: Channel
  state: DeliveryState
  code: string
  /** Where it is, in words. */
  standing: string
  /** What they promised in a week before and have not kept yet. */
  promised: string[]
  /** What came back last, and when; empty when nothing did. */
  answered: string
  /** Why it did not go; empty when it did, or may. */
  why: string
  /** It can still go this way or that. */
  open: boolean
  /** It waits to be sent from here, and may be called off. */
  waits: boolean
  /** Its writer typed how it is reached, and may correct that. */
  mayCorrect: boolean
  /** We can send it: its office is one of the directory, with an e-mail. */
  fromHere: boolean
  left: boolean
  /** It came back, or never went. */
  ended: boolean
  /** Their server has it and goes on trying. */
  late: boolean
  /** What lies in the mailbox about it for somebody here to read. */
  kept: 'person' | 'machine' | null
  /** The e-mail that we have of them does not work. */
  mailBroken: boolean
  /** The directory knows by now how they are reached, or another way. */
  found: boolean
}

/** A letter's own page. */
export type OwnView = {
  token: string
  /** The whole address of this page. */
  link: string
  title: string
  ask: string | null
  language: string
  envelope: Envelope
  largePrint: boolean
  email: string
  /** The words: kept here, or carried by the forms of this page; null when they are somewhere else. */
  words: LetterWords | null
  kept: boolean
  /** Somebody gets these words from here, or may have. */
  underWay: boolean
  revision: number
  /** Why it cannot be printed as it stands. */
  unprintable: string | null
  /** The day on which everything personal is erased. */
  erase: string
  /** The day on which it is erased at the earliest when it is given to us to send. */
  keptUntil: string
  erased: boolean
  joint: { link: string; open: boolean; signatures: string[]; unsure: number } | null
  deliveries: DeliveryView[]
  /** A letter to more offices than one page shows: `deliveries` is then one page of them. */
  run: {
    count: number
    /** On paper or to be, and not gone yet. */
    toPost: number
    waiting: number
    left: number
    /** Of those waiting, how many the directory knows by now. */
    found: number
    page: number
    pages: number
  } | null
  /** What was erased just now, for the button that brings it back. */
  taken: { words: LetterWords | null; email: string | null; offices: TakenOffice[] } | null
}
