import type { Words } from '#elements/photos/cover-editor.ts'

/** Says of each picture which of how many it is, before anything else of it. */
export function numberEach(pictures: readonly { item: HTMLElement }[], words: Words) {
  for (const [at, { item }] of pictures.entries()) {
    const known = item.querySelector('.photo-number')
    const number = known ?? document.createElement('span')
    number.className = 'photo-number'
    number.textContent = words('number', { n: at + 1, count: pictures.length })
    if (!known) item.querySelector('.photo-name')?.before(number)
  }
}
