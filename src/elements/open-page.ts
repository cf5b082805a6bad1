/** How old what is shown may get, milliseconds: rule 11 of permission. */
const longest = 60_000

/**
 * `<abe-open every="30">` around what may be taken down at any moment: while somebody looks, the page is asked for again every so many
 * seconds. When it says something else, that stands there instead; when it is gone, so is this. With `items`, only what carries
 * `data-open` and is not there any more (or is another one) goes, so that nothing new moves what somebody reads.
 * With `onward`, another page is asked for and takes the place of this one, unless the reader wants no motion.
 * A site that cannot be asked keeps its words; its photographs are away until it answers.
 */
export class OpenPage extends HTMLElement {
  private timer = 0
  private answered = Date.now()
  private readonly look = () => void this.again(location.href)
  private readonly turn = () => void this.again(this.onward ?? location.href)
  private readonly back = (event: PageTransitionEvent) => {
    if (event.persisted) void this.again(location.href)
  }

  /** What comes next by itself. */
  private get onward(): string | null {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    return still ? null : this.getAttribute('onward')
  }

  connectedCallback() {
    const seconds = Number(this.getAttribute('every') ?? '30')
    this.timer = window.setInterval(this.turn, seconds * 1000)
    document.addEventListener('visibilitychange', this.look)
    window.addEventListener('pageshow', this.back)
  }

  disconnectedCallback() {
    clearInterval(this.timer)
    document.removeEventListener('visibilitychange', this.look)
    window.removeEventListener('pageshow', this.back)
  }

  private async again(address: string) {
    if (document.visibilityState !== 'visible') return
    this.showPhotographs(Date.now() - this.answered < longest)
    try {
      const answer = await fetch(address, { cache: 'no-cache', signal: AbortSignal.timeout(10_000) })
      if (answer.status === 404 || answer.status === 410) return location.reload()
      if (!answer.ok) throw new Error(String(answer.status))
      this.become(new DOMParser().parseFromString(await answer.text(), 'text/html'))
      this.answered = Date.now()
      this.showPhotographs(true)
      if (address !== location.href) history.replaceState(null, '', address)
    } catch {
      // Without an answer nobody knows whether they may still be seen, and after a while they are hidden.
      this.showPhotographs(Date.now() - this.answered < longest)
    }
  }

  private showPhotographs(are: boolean) {
    for (const picture of this.querySelectorAll('picture')) picture.hidden = !are
  }

  /** Becomes what stands there now; whoever was at its third link is at the third one again. */
  private take(now: Element, title: string) {
    if (now.innerHTML === this.innerHTML) return
    const places = () => [...this.querySelectorAll<HTMLElement>('a, button')]
    const held = places().findIndex((one) => one === document.activeElement)
    const onward = now.getAttribute('onward')
    this.replaceChildren(...document.adoptNode(now).childNodes)
    if (onward !== null) this.setAttribute('onward', onward)
    document.title = title
    places()[held]?.focus({ preventScroll: true })
  }

  private become(page: Document) {
    const at = [...document.querySelectorAll('abe-open')].indexOf(this)
    const now = page.querySelectorAll('abe-open')[at]
    // A page that has another shape by now: read it whole.
    if (!now) return location.reload()
    this.showPhotographs(true)
    if (!this.hasAttribute('items')) {
      this.take(now, page.title)
      return
    }
    const items = new Map(
      [...now.querySelectorAll<HTMLElement>('[data-open]')].map((one) => [one.dataset['open'], one]),
    )
    for (const one of this.querySelectorAll<HTMLElement>('[data-open]')) {
      const same = items.get(one.dataset['open'])
      if (!same) one.remove()
      else if (same.innerHTML !== one.innerHTML) one.replaceChildren(...document.adoptNode(same).childNodes)
    }
  }
}
