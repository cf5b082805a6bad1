import * as v from 'valibot'
import { countryCodes } from '#kernel/countries.ts'
import { formKey, line, maybeEmail, maybeLine, maybeText, oneOf } from '#kernel/input.ts'

export type Group = {
  id: string
  slug: string
  name: string
  page: string
  country: string
  region: string
  town: string
  lat: number | null
  lon: number | null
  rhythm: string
  example: boolean
  hidden: boolean
  revision: number
}

/** What a list of groups says of each. */
export type GroupLine = Pick<Group, 'slug' | 'name' | 'country' | 'region' | 'town' | 'rhythm'>

/** The form in which a group is made or changed; `place` is the town in words, `placeId` the one of several that was meant. */
export const groupForm = v.object({
  formKey,
  slug: v.optional(maybeLine(80), ''),
  revision: v.optional(maybeLine(9), ''),
  name: line(120),
  country: oneOf(countryCodes),
  region: maybeLine(80),
  town: maybeLine(80),
  rhythm: maybeLine(160),
  page: maybeText(10_000),
  email: maybeEmail,
})
export type GroupInput = v.InferOutput<typeof groupForm>
