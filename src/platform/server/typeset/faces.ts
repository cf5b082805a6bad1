/** Scripts that have typefaces of their own among ours: what nothing before them has is looked for in them, in this order. */
const scripts =
  'Arabic Hebrew Bengali Gurmukhi Gujarati Tamil Telugu Kannada Malayalam Sinhala Thai Lao Khmer Myanmar Ethiopic Armenian Georgian'.split(
    ' ',
  )

const regularAndBold = (family: string): string[] => {
  const folder = family.replaceAll(' ', '-').toLowerCase()
  return ['400Regular', '700Bold'].map(
    (weight) => `${folder}/${weight}/${family.replaceAll(' ', '')}_${weight}.ttf`,
  )
}

/** Noto Sans stands second: the Chinese and Japanese faces have Cyrillic and Greek as well, a whole em wide. */
const first = ['Atkinson Hyperlegible Next', 'Noto Sans']
const others = [...scripts.map((script) => `Noto Sans ${script}`), 'Noto Serif Tibetan']

/** The typefaces that ship; templates are given their names, and nothing that this machine happens to have. */
export const faces = [
  ...[...first, ...others].flatMap(regularAndBold),
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

/** Answers the names of our typefaces in the order in which a document in a language looks for a character; Chinese is written in two ways, which the words tell apart. */
export function facesOf(language: string, words = ''): readonly string[] {
  const code = language.slice(0, 2)
  const inTraditional = language === 'yue' || (code === 'zh' && traditional.test(words))
  const wide = facesFor[inTraditional ? 'traditional' : code] ?? [
    'ZCOOL XiaoWei',
    'Kosugi Maru',
    'Gowun Dodum',
    'Chocolate Classical Sans',
  ]
  // A typeface in which a character is looked for in vain costs time.
  return /^(?:zh|yue|ja|ko)/.test(language) ? [...first, ...wide, ...others] : [...first, ...others, ...wide]
}
