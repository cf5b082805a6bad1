/** Faces of scripts whose letters look different in different languages: the reader's own come first. */
const facesFor: Record<string, readonly string[]> = {
  ja: ['Kosugi Maru', 'ZCOOL XiaoWei', 'Gowun Dodum'],
  ko: ['Gowun Dodum', 'ZCOOL XiaoWei', 'Kosugi Maru'],
}
/** Answers the typefaces behind the Latin one, for a language. */
export const moreFaces = (language: string): readonly string[] =>
  facesFor[language.slice(0, 2)] ?? ['ZCOOL XiaoWei', 'Kosugi Maru', 'Gowun Dodum']
