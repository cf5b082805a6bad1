import { plainWords } from '#kernel/words.ts'

/** Words that say a colour or a shape, in the languages of the site, and are nobody's name. */
const plain = new Set(
  (
    'red orange yellow green teal blue turquoise purple pink brown grey gray black white gold silver dark light pale bright ' +
    'star circle square triangle moon sun stripe stripes dot dots and ' +
    'coch oren melyn gwyrdd glas porffor pinc brown llwyd du gwyn ' +
    'rød gul grøn bla lilla lyserød brun gra sort hvid orange turkis stjerne cirkel firkant trekant ' +
    'rot gelb grun blau lila rosa braun grau schwarz weiss stern kreis quadrat dreieck ' +
    'rojo naranja amarillo verde azul morado rosa marron gris negro blanco estrella ' +
    'rouge jaune vert bleu violette rose brun gris noir blanc etoile'
  )
    .split(' ')
    .map(plainWords)
    // These are names as well.
    .filter((word) => word !== 'rose' && word !== 'rosa' && word !== 'lila' && word !== 'lilla'),
)

/** One or two capitals, or single letters with dots or spaces between: "SK", "S.K.", "s k". */
const initials = /^(?:\p{Lu}{1,2}|\p{L}(?:[. ]\s*\p{L}){0,3}\.?)$/u

/** Answers whether a label may be somebody's name: anything but initials, a colour or shape, a number. */
export function looksLikeName(label: string): boolean {
  const trimmed = label.trim()
  const bare = trimmed.replace(/[\s#-]*\d+$/u, '').trim()
  if (bare === '' || initials.test(bare)) return false
  return plainWords(bare)
    .split(' ')
    .map(plainWords)
    .some((word) => !plain.has(word) && !/^\d+$/.test(word))
}
