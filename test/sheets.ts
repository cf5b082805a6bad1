import type { Sheet } from '#letters/server/paper/paper.ts'

/** A letter as it is set. */
export const sheet: Sheet = {
  language: 'en',
  sender: { name: 'Ann Example', lines: ['1 Long Road', 'Leeds LS1 1AA'] },
  address: ['Councillor Q. Khan', 'Leeds City Council', 'Civic Hall', 'Leeds LS1 1UR'],
  day: '2027-10-18',
  title: 'Come and see it for half an hour',
  greeting: 'Dear Councillor Khan,',
  words: 'My son Sam hums when he is happy.\n\nI hum back. Come and see.',
  closing: 'Yours sincerely,',
  signatures: [],
  code: 'K7QD-4MTX',
  replyAddress: 'https://week.example/reply/K7QD-4MTX',
  who: 'A Bit Extra is run by people who volunteer. Nobody pays for this letter.',
}

/** More lines than a window shows. */
export const tooLong = [
  'The Chair of the Board of Trustees',
  'Society for the Encouragement of Listening',
  'Long House at the Far End of the Common',
  '2 High Street of the Lower Parish',
  'Oldtown under the Great Northern Hill',
  'Leeds LS2 2BB',
]
