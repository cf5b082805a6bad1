import { namesOf, storeOfTab } from '#elements/photos/names.ts'

/** Seconds until the page is asked for again: often at first, because a picture is made in seconds. */
export const freshAfter = (times: number): number => (times < 10 ? 1 : 4)
/** How often it is asked for at the most: then whoever waits presses the link. */
const mostTimes = 150

async function pageAnew(): Promise<Document | null> {
  try {
    const answer = await fetch(location.href, {
      headers: { accept: 'text/html' },
      signal: AbortSignal.timeout(20_000),
    })
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), 'text/html') : null
  } catch {
    // No line, or too slow: it is asked again.
    return null
  }
}

/** Puts what the page says now in the place of what it said; a form that somebody may be in the middle of is left alone. */
function renew(old: Fresh, page: Document) {
  const now = page.getElementById(old.id)
  if (!now) return (old.closest('article') ?? old).remove()
  const inUse =
    old.contains(document.activeElement) || (!old.hasAttribute('waits') && old.querySelector('form'))
  if (now.innerHTML === old.said || inUse) return
  const fresh = document.importNode(now, true)
  old.replaceWith(fresh)
  const told = document.querySelector('[data-fresh-said]')
  if (old.hasAttribute('waits') && !fresh.hasAttribute('waits') && told)
    told.textContent = fresh.getAttribute('said')
}

let looking = false
async function look() {
  if (looking) return
  looking = true
  for (let times = 0; times < mostTimes && document.querySelector('abe-fresh[waits]'); times += 1) {
    await new Promise((done) => setTimeout(done, freshAfter(times) * 1000))
    const page = document.hidden ? null : await pageAnew()
    if (page) for (const old of document.querySelectorAll<Fresh>('abe-fresh')) renew(old, page)
  }
  looking = false
}

/**
 * `<abe-fresh id="…" waits said="…">` is a part of a page that changes by itself: while one of them waits, the page is asked
 * for again and each part becomes what it says then. When it waits no more, `said` is spoken in `[data-fresh-said]`. In
 * `[data-sent="id id"]` it writes what those files are called on this device.
 */
export class Fresh extends HTMLElement {
  /** As it came from the server: what is opened or typed in it later does not count. */
  said = ''

  connectedCallback() {
    this.said = this.innerHTML
    for (const place of this.querySelectorAll<HTMLElement>('[data-sent]')) {
      place.textContent = namesOf(storeOfTab(), place.dataset['sent']?.split(' ') ?? []).join(', ')
    }
    if (this.hasAttribute('waits')) void look()
  }
}
