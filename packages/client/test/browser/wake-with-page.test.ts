/** When the page comes back, so does the client; when the network goes, it asks. */
import { Window } from "happy-dom"
import { wakeWithPage } from "../../src/browser/index.ts"

const nothing = { wake: () => {}, doubt: () => {} }

test("wakes the client when the browser is online again, and when the page is seen again", () => {
  const page = new Window()
  let woken = 0
  const stop = wakeWithPage(
    { ...nothing, wake: () => (woken += 1) },
    page as unknown as globalThis.Window & typeof globalThis,
  )
  const see = (state: string) => {
    Object.defineProperty(page.document, "visibilityState", { value: state, configurable: true })
    page.document.dispatchEvent(new page.Event("visibilitychange"))
  }
  page.dispatchEvent(new page.Event("online"))
  expect(woken).toBe(1)
  see("hidden")
  expect(woken).toBe(1)
  see("visible")
  expect(woken).toBe(2)
  stop()
  page.dispatchEvent(new page.Event("online"))
  see("visible")
  expect(woken).toBe(2)
})

test("[CON9] lets the client doubt its connection when the browser is offline", () => {
  const page = new Window()
  let doubted = 0
  const client = { ...nothing, doubt: () => (doubted += 1) }
  const stop = wakeWithPage(client, page as unknown as globalThis.Window & typeof globalThis)
  page.dispatchEvent(new page.Event("offline"))
  expect(doubted).toBe(1)
  stop()
  page.dispatchEvent(new page.Event("offline"))
  expect(doubted).toBe(1)
})
