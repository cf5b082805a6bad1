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
  'noto-serif-tibetan/400Regular/NotoSerifTibetan_400Regular.ttf',
  'noto-serif-tibetan/700Bold/NotoSerifTibetan_700Bold.ttf',
  'zcool-xiaowei/400Regular/ZCOOLXiaoWei_400Regular.ttf',
  'kosugi-maru/400Regular/KosugiMaru_400Regular.ttf',
  'gowun-dodum/400Regular/GowunDodum_400Regular.ttf',
  'chocolate-classical-sans/400Regular/ChocolateClassicalSans_400Regular.ttf',
]

/** Faces of scripts whose letters look different in different languages: the reader's own come first. */
const facesFor: Record<string, readonly string[]> = {
  ja: ['Kosugi Maru', 'ZCOOL XiaoWei', 'Gowun Dodum', 'Chocolate Classical Sans'],
  ko: ['Gowun Dodum', 'ZCOOL XiaoWei', 'Kosugi Maru', 'Chocolate Classical Sans'],
  traditional: ['Chocolate Classical Sans', 'ZCOOL XiaoWei', 'Kosugi Maru', 'Gowun Dodum'],
}
/** Characters that people write often, and only in traditional Chinese. */
const traditional =
  /[們來個這說時會對學還國過為經發後開問題見長門電話點實體關樂寫聽讓應當親請謝愛歡灣區醫議臺]/

/** Answers the typefaces behind the Latin one, for a language; Chinese is written in two ways, which the words tell apart. */
export function moreFaces(language: string, words = ''): readonly string[] {
  const code = language.slice(0, 2)
  const inTraditional = language === 'yue' || (code === 'zh' && traditional.test(words))
  return (
    facesFor[inTraditional ? 'traditional' : code] ?? [
      'ZCOOL XiaoWei',
      'Kosugi Maru',
      'Gowun Dodum',
      'Chocolate Classical Sans',
    ]
  )
}
