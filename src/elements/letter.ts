import { Dictate } from '#elements/letter/dictate.ts'
import { Forget, LetterDraft } from '#elements/letter/draft.ts'
import { Starters } from '#elements/letter/starters.ts'

customElements.define('abe-letter', LetterDraft)
customElements.define('abe-letter-forget', Forget)
customElements.define('abe-starters', Starters)
customElements.define('abe-dictate', Dictate)
