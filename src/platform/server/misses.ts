import { minute } from '#kernel/limits.ts'
import { Refusal } from '#kernel/refusal.ts'
import type { MessageKey } from '#kernel/messages.ts'
import { keyedHash } from '#platform/server/tokens.ts'

/** Misses from one place in a quarter of an hour; after that what is right is not looked up either. */
export const mostMisses = 20
const span = 15 * minute
/** Places that are remembered at most; the oldest are forgotten first. */
const mostPlaces = 10_000

/** Counts guesses that went wrong, by where they came from, in this process alone: reading a page writes nothing into the database. */
export class Misses {
  private readonly says: MessageKey
  private readonly places = new Map<string, { count: number; ends: number }>()

  constructor(says: MessageKey) {
    this.says = says
  }

  /** Refuses with "too-often" when too many guesses from a place went wrong. */
  check(from: string, now: Date): void {
    const place = this.places.get(keyedHash(from))
    if (place && place.ends > now.getTime() && place.count >= mostMisses) {
      throw new Refusal('too-often', this.says)
    }
  }

  /** Counts one more that went wrong. */
  count(from: string, now: Date): void {
    const key = keyedHash(from)
    const place = this.places.get(key)
    if (place && place.ends > now.getTime()) place.count += 1
    else {
      this.places.delete(key)
      this.places.set(key, { count: 1, ends: now.getTime() + span })
    }
    const [oldest] = this.places.keys()
    if (this.places.size > mostPlaces && oldest !== undefined) this.places.delete(oldest)
  }
}
