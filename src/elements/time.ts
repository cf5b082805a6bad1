import { ownTime } from '#elements/times.ts'

/** `<abe-time utc="…Z" zone="Europe/London" words="{time} where you are">`: the reader's own time behind the host's, when it differs. */
export class Time extends HTMLElement {
  connectedCallback() {
    if (this.querySelector('.own-time')) return
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone
    const language = document.documentElement.lang || 'en'
    const time = ownTime(this.getAttribute('utc') ?? '', this.getAttribute('zone') ?? 'UTC', own, language)
    if (!time) return
    const words = document.createElement('span')
    words.className = 'own-time'
    words.textContent = ` ${(this.getAttribute('words') ?? '{time}').replace('{time}', time)}`
    this.append(words)
  }
}
