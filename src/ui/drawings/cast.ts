import { look, type Look } from '#ui/drawings/people.ts'

/** The people of the drawings. They return, as the people of a village do. */
export const cast = [
  look({ skin: 5, hair: 'locs', tone: 1, top: 'teal', below: 'plum' }),
  look({ skin: 2, hair: 'bob', tone: 4, top: 'plum', below: 'sky', mood: 'closed' }),
  look({ skin: 3, hair: 'scarf', cloth: 'moss', top: 'coral', below: 'plum' }),
  look({ skin: 1, hair: 'wisps', tone: 6, top: 'sky', below: 'moss', has: ['glasses', 'hearing-aid'] }),
  look({ skin: 6, hair: 'puffs', tone: 1, top: 'coral', below: 'teal', mood: 'laugh' }),
  look({
    skin: 2,
    hair: 'crop',
    tone: 3,
    top: 'moss',
    below: 'sky',
    has: ['ear-defenders', 'short-sleeves'],
    mood: 'closed',
  }),
  look({ skin: 4, hair: 'turban', tone: 1, cloth: 'plum', top: 'sky', below: 'teal', has: ['beard'] }),
  look({ skin: 1, hair: 'bun', tone: 5, top: 'teal', below: 'plum', has: ['glasses'] }),
  look({ skin: 4, hair: 'ponytail', tone: 1, top: 'plum', below: 'coral', mood: 'wonder' }),
  look({ skin: 1, hair: 'curly', tone: 3, top: 'coral', below: 'sky', has: ['stripes'], mood: 'laugh' }),
  look({ skin: 6, hair: 'bald', tone: 1, top: 'moss', below: 'plum', has: ['beard', 'glasses'] }),
  look({ skin: 3, hair: 'long', tone: 1, top: 'sky', below: 'plum', has: ['tube'], mood: 'calm' }),
  look({ skin: 5, hair: 'afro', tone: 2, top: 'plum', below: 'moss', has: ['dungarees', 'short-sleeves'] }),
  look({ skin: 2, hair: 'waves', tone: 5, top: 'coral', below: 'teal', mood: 'closed' }),
  look({
    skin: 3,
    hair: 'short',
    tone: 1,
    top: 'teal',
    below: 'moss',
    has: ['short-sleeves'],
    mood: 'laugh',
  }),
  look({ skin: 1, hair: 'beanie', tone: 3, cloth: 'coral', top: 'sky', below: 'plum', mood: 'calm' }),
  look({
    skin: 4,
    hair: 'braids',
    tone: 1,
    top: 'moss',
    below: 'coral',
    has: ['hearing-aid'],
    mood: 'wonder',
  }),
  look({ skin: 5, hair: 'wisps', tone: 6, top: 'plum', below: 'sky', has: ['beard'], mood: 'closed' }),
  look({ skin: 2, hair: 'swept', tone: 2, top: 'sky', below: 'moss', has: ['stripes'] }),
  look({ skin: 6, hair: 'scarf', cloth: 'sky', top: 'teal', below: 'plum', mood: 'laugh' }),
] as const satisfies readonly Look[]

/** Answers somebody of the cast; counts on from the start after the last. */
export const somebody = (index: number): Look =>
  cast[((index % cast.length) + cast.length) % cast.length] ?? cast[0]
