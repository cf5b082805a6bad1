import { Copy } from '#elements/copy.ts'
import { Count } from '#elements/count.ts'
import { Draft, forgetArrived } from '#elements/draft.ts'
import { OpenPage } from '#elements/open-page.ts'
import { SmallMap } from '#elements/map.ts'
import { Near } from '#elements/near.ts'
import { Places } from '#elements/places.ts'
import { ReadAloud } from '#elements/read-aloud.ts'
import { Time } from '#elements/time.ts'

forgetArrived()
customElements.define('abe-copy', Copy)
customElements.define('abe-count', Count)
customElements.define('abe-draft', Draft)
customElements.define('abe-open', OpenPage)
customElements.define('abe-map', SmallMap)
customElements.define('abe-near', Near)
customElements.define('abe-places', Places)
customElements.define('abe-read', ReadAloud)
customElements.define('abe-time', Time)
