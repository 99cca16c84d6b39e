/** One conversation on three real nodes: what people see does not depend on the node that they are on, nor on its life. */
import type { Locator, Page } from "playwright-core"
import { log, makeConversation, openConversation, row, say, showDeveloper } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { NodesWorld } from "../support/nodes-world.ts"

const chapter = (name: string, from = 0, to = 20) =>
  Array.from({ length: to - from }, (_, at) => `${name}${from + at}`).join(" ")
const wholeStory = [chapter("one"), chapter("two")]
const half = chapter("two", 0, 10)

/** How long a page may take to show something, on a machine that is busy. */
const waiting = { timeout: 50_000, interval: 50 }

const pill = (page: Page): Locator => page.getByRole("navigation").getByRole("status")
const card = (page: Page): Locator => page.getByRole("region", { name: "demo asks" })
/** What everybody has said, message by message. */
const texts = async (page: Page) =>
  (await log(page).locator("article .prose").allInnerTexts()).map((text) => text.trim())

describe.runIf(hasChromium)("on three nodes", () => {
  let world: NodesWorld
  beforeAll(async () => {
    world = await NodesWorld.open()
  }, 120_000)
  beforeEach(() => world.openGate(false))
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  /** Ada at her desk and with her phone, and Bob, each on a node of their own. */
  async function meet(title: string) {
    const ada = await world.signedIn("ada", "node-1")
    await makeConversation(ada.page, { title, people: "bob", agent: "demo" })
    const [phone, bob] = await Promise.all([world.signedIn("ada", "node-2"), world.signedIn("bob", "node-3")])
    for (const { page } of [phone, bob]) await openConversation(page, title)
    return { ada, phone, bob, pages: [ada.page, phone.page, bob.page] as const }
  }

  /** Every page shows just this, in this order, once. */
  async function allShow(pages: readonly Page[], said: readonly string[]): Promise<void> {
    for (const page of pages) await expect.poll(() => texts(page), waiting).toEqual(said)
  }

  test("[NOD1] two people on three devices see the same words in the same order, while they come and at the end", async () => {
    const { ada, phone, bob, pages } = await meet("Everywhere")
    await say(bob.page, "hello from Bob")
    await allShow(pages, ["hello from Bob", chapter("one"), half])
    await say(ada.page, "hello from Ada")
    await row(phone.page, "hello from Ada").waitFor()
    await say(phone.page, "and from her phone")
    world.openGate(true)
    const greetings = ["hello from Ada", "and from her phone"]
    await allShow(pages, ["hello from Bob", ...wholeStory, ...greetings, ...wholeStory, ...wholeStory])
    expect([...ada.complaints, ...phone.complaints, ...bob.complaints]).toEqual([])
  })

  test("[ACK3] [SUB2] offline and back: what was written is sent once, and nothing was missed", async () => {
    const { ada, bob, pages } = await meet("Tunnel")
    world.openGate(true)
    await bob.context.setOffline(true)
    await pill(bob.page).getByText("Offline").waitFor()
    await say(bob.page, "from the tunnel")
    await log(bob.page).getByText("Waiting to be sent").waitFor()
    await say(ada.page, "where is Bob?")
    await row(ada.page, chapter("two")).waitFor()
    expect(await row(bob.page, "where is Bob?").count()).toBe(0)
    await bob.context.setOffline(false)
    await pill(bob.page).getByText("Live").waitFor()
    await allShow(pages, ["where is Bob?", ...wholeStory, "from the tunnel", ...wholeStory])
    expect(await log(bob.page).getByText("Waiting to be sent").count()).toBe(0)
  })

  test("[SUB4] a reload in the middle of an answer: it goes on, and nothing is there twice", async () => {
    const { ada, bob, pages } = await meet("Reload")
    await say(ada.page, "a story")
    await row(ada.page, half).waitFor()
    await Promise.all([ada.page.reload(), bob.page.reload()])
    await allShow(pages, ["a story", chapter("one"), half])
    world.openGate(true)
    await allShow(pages, ["a story", ...wholeStory])
    await ada.page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" })
  })

  test("[RUN5] [NOD1] two who answer at the same moment on two nodes see the same answer, by the same one of them", async () => {
    const { ada, bob, phone } = await meet("Race")
    await say(ada.page, "book a table")
    for (const { page } of [ada, bob, phone]) await card(page).getByRole("button", { name: "yes" }).waitFor()
    await phone.page.reload()
    await card(phone.page).getByRole("button", { name: "yes" }).waitFor()
    // The one's answer may take the button away from under the other's finger.
    await Promise.allSettled([
      card(ada.page).getByRole("button", { name: "yes" }).click(),
      card(bob.page).getByRole("button", { name: "No", exact: true }).click({ timeout: 5_000 }),
    ])
    await row(phone.page, "The answer was").waitFor()
    const [seen, ...others] = await Promise.all(
      [phone, ada, bob].map(({ page }) =>
        card(page)
          .getByText(/^Answered by (?:ada|bob)$/)
          .innerText(),
      ),
    )
    expect(others).toEqual([seen, seen])
    const answer = seen === "Answered by ada" ? "yes" : "no"
    for (const { page } of [ada, bob, phone]) {
      await row(page, `The answer was ${answer}.`).waitFor()
      expect(await card(page).getByRole("button").count()).toBe(0)
    }
  })

  // The last one: two of the three nodes do not come back.
  test("[RUN3] [NOD1] the node of a page is killed in the middle of an answer, then the one that gives it: everybody sees it, whole", async () => {
    const { ada, bob, phone, pages } = await meet("Kill")
    await say(ada.page, "a story")
    await allShow(pages, ["a story", chapter("one"), half])
    const nodes = ["node-1", "node-2", "node-3"]
    await showDeveloper(ada.page)
    const working = await ada.page.getByText(/demo is working on node-\d/).innerText()
    const owner = nodes.find((name) => working.includes(name)) ?? ""
    const [first = "", last = ""] = nodes.filter((name) => name !== owner)
    const served = [ada, phone, bob][nodes.indexOf(first)]?.page
    if (!served) throw new Error(`nobody is on ${first}`)

    await world.kill(first)
    await pill(served)
      .getByText(/^(?:Offline|Connecting)$/)
      .waitFor()
    await say(served, "are you there?")
    world.lead(first, last)
    await served.getByTitle(`Connected to ${last}`).waitFor()
    await pill(served).getByText("Live").waitFor()
    await allShow(pages, ["a story", chapter("one"), half, "are you there?"])

    await world.kill(owner)
    world.lead(owner, last)
    for (const page of pages) await page.getByText(`demo is recovering on ${last}, attempt 2`).waitFor()
    // What was said since the checkpoint is taken back, and said again.
    await allShow(pages, ["a story", chapter("one"), "are you there?", half])
    world.openGate(true)
    await allShow(pages, ["a story", chapter("one"), "are you there?", chapter("two"), ...wholeStory])
    for (const page of pages) await page.getByTitle(`Connected to ${last}`).waitFor()
  })
})
