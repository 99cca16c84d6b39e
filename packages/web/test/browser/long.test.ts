/** A long conversation, in which most of what is loaded has nothing to do with what comes in. */
import { createClient, socketsOf } from "@everthread/client"
import type { Page } from "playwright-core"
import { WebSocket } from "ws"
import { log, openConversation, row } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

const count = 420

describe.runIf(hasChromium)("a long conversation", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterAll(() => world?.close())

  test("is drawn at its end alone when something is said, however far somebody has paged back", async () => {
    const bob = createClient({
      url: `${world.url.replace("http", "ws")}/v1`,
      user: "bob",
      device: "cli",
      socket: socketsOf(WebSocket),
    })
    const { conversation: id } = await bob.create({ title: "Long", members: ["ada"] })
    const conversation = bob.conversation(id)
    await Promise.all(Array.from({ length: count }, (_, index) => conversation.send(`line ${index + 1}`)))

    const { page } = await world.signedIn("ada")
    await openConversation(page, "Long")
    await row(page, `line ${count}`).first().waitFor()
    await pageBack(page)
    await page.evaluate(watchArticles)
    await conversation.send("the last words")
    await log(page).getByText("the last words").waitFor()
    const { drawn, pieces } = await page.evaluate(whatWasDrawn)
    expect(pieces).toBeGreaterThan(1)
    expect(drawn).toEqual([pieces - 1])
    bob.close()
  })
})

async function pageBack(page: Page): Promise<void> {
  const older = page.getByRole("button", { name: /Load older|Loading/ })
  const beginning = page.getByText("This is the beginning.")
  while (!(await beginning.isVisible())) {
    await log(page).evaluate((element) => {
      element.scrollTop = 0
    })
    await older.or(beginning).first().waitFor()
  }
}

/** Runs in the page: notes in which piece of the timeline anything changes from now on. */
function watchArticles(): void {
  const pieces = [...new Set([...document.querySelectorAll("article")].map((article) => article.parentElement))]
  const drawn = new Set<number>()
  const observer = new MutationObserver((changes) => {
    for (const { target } of changes) drawn.add(pieces.findIndex((piece) => piece?.contains(target)))
  })
  for (const piece of pieces)
    if (piece) observer.observe(piece, { childList: true, subtree: true, attributes: true, characterData: true })
  Object.assign(globalThis, { drawnPieces: () => ({ drawn: [...drawn].sort(), pieces: pieces.length }) })
}

function whatWasDrawn(): { readonly drawn: number[]; readonly pieces: number } {
  return (globalThis as unknown as { drawnPieces(): { drawn: number[]; pieces: number } }).drawnPieces()
}
