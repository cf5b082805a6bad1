/** The typefaces that ship; templates name them, and nothing that this machine happens to have. */
export const faces = [
  'atkinson-hyperlegible-next/400Regular/AtkinsonHyperlegibleNext_400Regular.ttf',
  'atkinson-hyperlegible-next/700Bold/AtkinsonHyperlegibleNext_700Bold.ttf',
  'noto-sans-arabic/400Regular/NotoSansArabic_400Regular.ttf',
  'noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf',
  'noto-sans-hebrew/400Regular/NotoSansHebrew_400Regular.ttf',
  'noto-sans-hebrew/700Bold/NotoSansHebrew_700Bold.ttf',
  'noto-sans-devanagari/400Regular/NotoSansDevanagari_400Regular.ttf',
  'noto-sans-devanagari/700Bold/NotoSansDevanagari_700Bold.ttf',
  'zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf',
  'kosugi-maru/400Regular/KosugiMaru_400Regular.ttf',
  'gowun-dodum/400Regular/GowunDodum_400Regular.ttf',
]

/** Faces of scripts whose letters look different in different languages: the reader's own come first. */
const facesFor: Record<string, readonly string[]> = {
  ja: ['Kosugi Maru', 'ZCOOL XiaoWei', 'Gowun Dodum'],
  ko: ['Gowun Dodum', 'ZCOOL XiaoWei', 'Kosugi Maru'],
}
/** Answers the typefaces behind the Latin one, for a language. */
export const moreFaces = (language: string): readonly string[] =>
  facesFor[language.slice(0, 2)] ?? ['ZCOOL XiaoWei', 'Kosugi Maru', 'Gowun Dodum']
