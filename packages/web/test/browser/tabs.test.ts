/** Tabs of one browser: one socket for all of them, and none of them notices when the one that has it is closed. */
import type { Page } from "playwright-core"
import { log, makeConversation, openConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { type Person, World } from "../support/world.ts"

describe.runIf(hasChromium)("tabs", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  /** Counts the sockets that a page opens from now on. */
  const countSockets = (page: Page) => {
    const opened = { count: 0 }
    page.on("websocket", () => {
      opened.count += 1
    })
    return opened
  }

  const anotherTab = async ({ context }: Person) => {
    const page = await context.newPage()
    const sockets = countSockets(page)
    await page.goto(world.url)
    await page.getByRole("navigation").getByText("Live").waitFor()
    return { page, sockets }
  }

  test("[TAB1] [TAB2] share one socket, and go on without a gap when the tab that has it is closed in mid-answer", async () => {
    const ada = await world.signedIn("ada")
    await makeConversation(ada.page, { title: "Tabs", agent: "demo" })
    const { page, sockets } = await anotherTab(ada)
    await openConversation(page, "Tabs")
    expect(sockets.count).toBe(0)

    await say(page, "please search and write a plan")
    const answer = () => log(page).getByRole("article").last()
    await page.waitForFunction(wordsAreSeen)
    const before = await answer().innerText()
    await ada.page.close()
    await page.getByRole("main").getByRole("button", { name: "Stop" }).waitFor({ state: "detached" })
    const after = await answer().innerText()
    expect(sockets.count).toBe(1)

    const phone = await world.signedIn("ada")
    await openConversation(phone.page, "Tabs")
    const elsewhere = log(phone.page).getByRole("article").last()
    await elsewhere.waitFor()
    expect(await elsewhere.innerText()).toBe(after)
    expect(after.length).toBeGreaterThan(before.length)
    expect(ada.complaints).toEqual([])
  })

  test("[TAB1] [CON8] all learn at once that somebody has added or removed them", async () => {
    const [ada, bob] = [await world.signedIn("ada"), await world.signedIn("bob")]
    const { page: tab } = await anotherTab(bob)
    await makeConversation(ada.page, { title: "Surprise", people: "bob" })
    const link = (page: Page) => page.getByRole("navigation").getByRole("link", { name: /Surprise/ })
    for (const page of [bob.page, tab]) await link(page).waitFor()
    await ada.page.getByRole("button", { name: "2 members" }).click()
    await ada.page.getByRole("button", { name: "Remove bob" }).click()
    for (const page of [bob.page, tab]) await link(page).waitFor({ state: "detached" })
    await row(ada.page, "nothing").waitFor({ state: "detached" })
  })
})

/** Runs in the page: whether the agent has begun to answer. */
function wordsAreSeen(): boolean {
  const articles = [...document.querySelectorAll("article")]
  return articles.length > 1 && (articles.at(-1)?.textContent ?? "").length > 40
}
