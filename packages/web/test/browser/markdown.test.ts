/** What agents and people write, in a real browser: its parser, and not a model of it, is what has to be held. */
import { createClient, socketsOf } from "@everthread/client"
import { WebSocket } from "ws"
import { log, makeConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"
import { xssCorpus } from "../support/xss-corpus.ts"

const allowedTags = new Set(
  ["P", "BR", "HR", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "UL", "OL", "LI", "A", "IMG"].concat([
    "STRONG",
    "EM",
    "DEL",
    "CODE",
    "PRE",
    "TABLE",
    "THEAD",
    "TBODY",
    "TR",
    "TH",
    "TD",
  ]),
)

describe.runIf(hasChromium)("what is written", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  test("does nothing in the page, and asks nobody for anything", async () => {
    const { page, complaints } = await world.signedIn("ada")
    const strangers: string[] = []
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url())
      if (origin !== world.url && protocol !== "ws:") strangers.push(request.url())
    })
    page.on("dialog", (dialog) => strangers.push(dialog.message()))
    await makeConversation(page, { title: "Mischief" })
    const conversation = new URL(page.url()).hash.slice("#/c/".length)
    const url = `${world.url.replace("http", "ws")}/v1`
    const eve = createClient({ url, user: "ada", device: "eve", socket: socketsOf(WebSocket) })
    for (const text of [...xssCorpus, "that was all"]) await eve.conversation(conversation).send(text)
    eve.close()
    await row(page, "that was all").waitFor()
    for (const link of await log(page).locator(".prose a").all()) await link.hover()

    expect(await page.evaluate(() => "harmed" in window)).toBe(false)
    expect(strangers).toEqual([])
    // Nothing even came as far as the policy. An image of our own origin may be looked for, and not be there.
    expect(complaints.filter((text) => !text.includes("status of 404"))).toEqual([])
    const nodes = await log(page)
      .locator(".prose *")
      .evaluateAll((elements) =>
        elements.map((element) => ({
          tag: element.tagName,
          attributes: [...element.attributes].map(({ name }) => name),
          href: element.getAttribute("href"),
          src: element.getAttribute("src"),
        })),
      )
    for (const { tag, attributes, href, src } of nodes) {
      expect([...allowedTags]).toContain(tag)
      for (const name of attributes)
        expect(["href", "title", "target", "rel", "alt", "src", "start", "align", "tabindex"]).toContain(name)
      if (href !== null) expect(href).toMatch(/^(?:https?:\/\/(?!127\.0\.0\.1)|mailto:)/)
      if (src !== null) expect(src).toMatch(/^\/(?![/\\])/)
    }
  })

  test("is shown as Markdown, and HTML as the text that it is", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Markdown" })
    await say(page, "**bold** <b>not bold</b> [out](https://example.org/)", "not bold")
    const message = row(page, "not bold")
    expect(await message.locator("strong").innerText()).toBe("bold")
    expect(await message.innerText()).toContain("<b>not bold</b>")
    expect(await message.locator("a").getAttribute("rel")).toContain("noopener")
    expect(await message.locator("a").getAttribute("target")).toBe("_blank")
  })

  test("grows without taking away what somebody has selected above it", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Growing", agent: "demo" })
    await say(page, "tell me a story")
    const first = log(page).getByText("This story comes from an offline demo model.")
    await first.waitFor()
    await first.selectText()
    await log(page).getByText("Everybody's").waitFor()
    expect(await page.evaluate(() => getSelection()?.toString().trim())).toBe(
      "This story comes from an offline demo model.",
    )
  })
})
