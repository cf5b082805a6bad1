type Town = { label: string; zoneWords: string; time: string }
type Answer = { towns: Town[]; clear: string | null }

const pause = 250

/**
 * `<abe-places found="{town}: the clock there shows {time}, {zone}.">` around a field of a place offers towns of the site's own list
 * while somebody types, and says the clock of the one that is meant.
 */
export class Places extends HTMLElement {
  private waiting = 0
  private asked = ''

  connectedCallback() {
    const field = this.querySelector('input')
    if (!field || this.querySelector('datalist')) return
    const list = document.createElement('datalist')
    list.id = `${field.id}-towns`
    const said = document.createElement('p')
    said.className = 'hint'
    said.setAttribute('role', 'status')
    field.setAttribute('list', list.id)
    this.append(list, said)
    field.addEventListener('input', () => {
      clearTimeout(this.waiting)
      this.waiting = window.setTimeout(() => void this.look(field.value, list, said), pause)
    })
  }

  private async look(words: string, list: HTMLElement, said: HTMLElement) {
    this.asked = words
    const answer = await this.ask(words)
    if (answer === null || this.asked !== words) return
    list.replaceChildren(
      ...answer.towns.map((town) => {
        const option = document.createElement('option')
        option.value = town.label
        return option
      }),
    )
    const town = answer.towns.find((one) => one.label === answer.clear)
    said.textContent = town
      ? (this.getAttribute('found') ?? '')
          .replace('{town}', town.label)
          .replace('{time}', town.time)
          .replace('{zone}', town.zoneWords)
      : ''
  }

  /** Without an answer nothing is offered: the form works alone, and the server looks the town up again. */
  private async ask(words: string): Promise<Answer | null> {
    if (words.trim().length < 2) return { towns: [], clear: null }
    const answer = await fetch(`/places.json?q=${encodeURIComponent(words.slice(0, 100))}`).catch(() => null)
    return answer?.ok ? ((await answer.json()) as Answer) : null
  }
}
