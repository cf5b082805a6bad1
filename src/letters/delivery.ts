/** How a letter goes. */
export const channels = ['post', 'hand', 'own-mail', 'from-here', 'form'] as const
export type Channel = (typeof channels)[number]

export const deliveryStates = [
  'planned',
  'no-address',
  'made',
  'printed',
  'posted',
  'returned',
  'handed-over',
  'opened',
  'said-sent',
  'confirming',
  'queued',
  'sending',
  'uncertain',
  'sent',
  'bounced-soft',
  'bounced',
  'assumed',
  'cancelled',
  'failed',
] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** Who says that it is so: the writer, the site, the office. */
export const evidences = ['said', 'seen', 'confirmed'] as const
export type Evidence = (typeof evidences)[number]

type Ways = Partial<Record<DeliveryState, readonly DeliveryState[]>>

const paper = (end: DeliveryState): Ways => ({
  planned: ['made', 'printed', end],
  made: ['printed', end],
  printed: [end],
  [end]: ['returned'],
})
const own: Ways = { planned: ['opened', 'said-sent'], opened: ['said-sent'], 'said-sent': ['bounced'] }

const ways: Record<Channel, Ways> = {
  post: paper('posted'),
  hand: paper('handed-over'),
  'own-mail': own,
  form: own,
  'from-here': {
    planned: ['confirming'],
    confirming: ['queued', 'failed'],
    queued: ['sending', 'failed'],
    // What was handed to the mail server when something broke is never sent again by itself.
    sending: ['sent', 'queued', 'bounced', 'uncertain', 'failed'],
    uncertain: ['sent', 'queued'],
    sent: ['bounced-soft', 'bounced', 'assumed'],
    'bounced-soft': ['queued', 'bounced', 'assumed'],
    assumed: ['bounced'],
  },
}

/** The states in which a letter has left its writer. */
export const leftStates: readonly DeliveryState[] = [
  'posted',
  'handed-over',
  'said-sent',
  'sent',
  'assumed',
  'bounced-soft',
  'bounced',
  'returned',
]

const stays: readonly DeliveryState[] = [...leftStates, 'sending', 'uncertain', 'cancelled', 'failed']

/** Answers whether a letter has left its writer, however it fared. */
export const hasLeft = (state: DeliveryState): boolean => leftStates.includes(state)

/** Answers whether a delivery may be called off, or go another way: until it is on its way. */
export const isOpen = (state: DeliveryState): boolean => !stays.includes(state)

/** The states of a delivery that did not arrive: its writer may send it anew, this way or another. */
export const endedStates: readonly DeliveryState[] = ['bounced', 'returned', 'failed']

/** Answers whether a status of RFC 3463 is about the address itself, for good, and not about what was in the letter or who sent it. */
export const isOfAddress = (status: string): boolean => /^5\.[124]\./.test(status)

/** Answers whether a delivery came back or never went, so that it may begin anew. */
export const hasEnded = (state: DeliveryState): boolean => endedStates.includes(state)

/** Answers whether a writer may choose how a delivery goes: before it is on a way, and when that came to nothing. */
export const mayChoose = (state: DeliveryState): boolean => mayBePosted(state) || hasEnded(state)

/** Answers whether a delivery may be given to us to send: also once more, while nobody has said yes to that. */
export const mayBeSent = (state: DeliveryState): boolean => mayChoose(state) || state === 'confirming'

type Fared = { state: DeliveryState; why: string | null }

/** Answers whether the e-mail to which a delivery went is known not to work, by the reason for which it ended. */
export const mailIsBroken = ({ state, why }: Fared): boolean =>
  why === 'contact' || (state === 'bounced' && why !== null && isOfAddress(why))

/** Answers whether a page offers to send a delivery from here: to an office of the directory, at an e-mail that is not known to fail, which has not asked to be left alone. */
export const isForUs = (one: Fared & { ref: string | null; email: string | null }): boolean =>
  one.ref !== null && one.email !== null && mayBeSent(one.state) && one.why !== 'asked' && !mailIsBroken(one)

/** Answers whether an office may have a letter, and answer it. */
export const mayHaveArrived = (state: DeliveryState): boolean =>
  (hasLeft(state) && !hasEnded(state)) || state === 'uncertain'

/** Answers whether a delivery waits on its writer's table: to be made, posted, handed over or sent by themselves. */
export const mayBePosted = (state: DeliveryState): boolean =>
  ['planned', 'made', 'printed', 'opened'].includes(state)

/** Answers whether a delivery waits to be sent from here, for its writer's yes or for its turn: until then it may be called off. */
export const waitsToLeave = (state: DeliveryState): boolean => state === 'confirming' || state === 'queued'

/** Answers whether a delivery has its turn from here, or may have left: what it says stands. */
export const isUnderWay = (state: DeliveryState): boolean =>
  ['queued', 'sending', 'uncertain', 'bounced-soft'].includes(state)

/** Answers whether a delivery may go from one state to another, on its way. */
export function mayMove(channel: Channel, from: DeliveryState, to: DeliveryState): boolean {
  if (to === 'cancelled') return isOpen(from)
  if (from === 'no-address') return to === 'planned'
  if (from === 'planned' && to === 'no-address') return true
  return ways[channel][from]?.includes(to) ?? false
}
