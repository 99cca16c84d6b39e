/**
 * The texts that were made to act in a page, everywhere else that somebody's words get to: what an agent says and does, titles, people's
 * names, reactions. `markdown.test.ts` has them in what people write.
 */
import { createClient, socketsOf } from "@everthread/client"
import type { Page } from "playwright-core"
import { WebSocket } from "ws"
import { log, makeConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"
import { xssCorpus } from "../support/xss-corpus.ts"

/** What a page does that nobody wants: it asks others, opens a dialog, or tries what its policy does not allow. */
function watch(page: Page, url: string): readonly string[] {
  const deeds: string[] = []
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url())
    if (origin !== url && protocol !== "ws:") deeds.push(`asked ${request.url()}`)
  })
  page.on("dialog", (dialog) => deeds.push(`said ${dialog.message()}`))
  page.on("popup", (popup) => deeds.push(`opened ${popup.url()}`))
  return deeds
}

/** Elements that the app never makes, and attributes that act. */
const intruders = (page: Page) =>
  page.evaluate(() => {
    const elements = [...document.querySelectorAll("body *")]
    const strange = /^(?:SCRIPT|STYLE|IFRAME|OBJECT|EMBED|VIDEO|AUDIO|MARQUEE|BASE|META|LINK|MATH|ANIMATE)$/i
    const acting = /^(?:on|srcdoc|formaction)/i
    return elements
      .filter(
        ({ tagName, attributes }) => strange.test(tagName) || [...attributes].some(({ name }) => acting.test(name)),
      )
      .map(({ outerHTML }) => outerHTML)
  })

describe.runIf(hasChromium)("what was made to act", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  const expectCalm = async (page: Page, deeds: readonly string[], complaints: readonly string[]) => {
    expect(await page.evaluate(() => "harmed" in window)).toBe(false)
    expect(await intruders(page)).toEqual([])
    expect(deeds).toEqual([])
    // An image of our own origin may be looked for, and not be there.
    expect(complaints.filter((text) => !text.includes("status of 404"))).toEqual([])
  }

  test("does nothing in an agent's words, its tools, its questions and its failures", async () => {
    const { page, complaints } = await world.signedIn("ada")
    const deeds = watch(page, world.url)
    await makeConversation(page, { title: "Mischief", agent: "mischief" })
    await say(page, "speak")
    await log(page).getByText("done", { exact: true }).waitFor()
    await log(page).locator("summary").getByText(`${xssCorpus[1]}`).click()
    await log(page).getByText("Result", { exact: true }).waitFor()
    for (const link of await log(page).locator(".prose a").all()) await link.hover()
    await say(page, "ask")
    const card = page.getByRole("region", { name: "mischief asks" })
    await card.getByRole("button").first().click()
    await card.getByText("Answered by ada").waitFor()
    await row(page, "That was all.").waitFor()
    await say(page, "fail")
    await log(page)
      .getByText(/^mischief failed: <script>/)
      .waitFor()
    await expectCalm(page, deeds, complaints)
  })

  test("does nothing in titles, names and reactions", async () => {
    const name = "<img/src=x/onerror=window.harmed=1>"
    const eve = createClient({
      url: `${world.url.replace("http", "ws")}/v1`,
      user: name,
      device: "eve",
      socket: socketsOf(WebSocket),
    })
    const titled = xssCorpus.filter(({ length }) => length < 200)
    for (const title of titled) await eve.create({ title, members: ["ada"] })
    const { conversation: id } = await eve.create({ title: `${name} was here`, members: ["ada"] })
    const conversation = eve.conversation(id)
    await conversation.send("look at who I am")

    const { page, complaints } = await world.signedIn("ada")
    const deeds = watch(page, world.url)
    await page.getByRole("navigation").getByRole("link", { name: "was here" }).click()
    await row(page, "look at who I am").waitFor()
    await row(page, "look at who I am").getByText(name).waitFor()
    await page.getByRole("button", { name: "2 members" }).click()
    await page.getByRole("dialog", { name: "People" }).getByText(name).first().waitFor()
    await page.keyboard.press("Escape")
    await page.keyboard.press("Control+k")
    await page.getByRole("option").nth(20).waitFor()
    await expectCalm(page, deeds, complaints)
    eve.close()
  })

  test("meets a policy that lets a page load and run nothing but the app's own files", async () => {
    const { page } = await world.signedIn("ada")
    const blocked = await page.evaluate(async () => {
      const found: string[] = []
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => found.push(effectiveDirective))
      const seen = (count: number) =>
        new Promise<void>((resolve) => {
          const look = () => (found.length >= count ? resolve() : setTimeout(look, 10))
          look()
        })
      const image = document.createElement("img")
      image.src = "https://evil.example/pixel.png"
      await seen(1)
      const button = document.createElement("button")
      try {
        button.setAttribute("onclick", "window.harmed=1")
      } catch {
        // Trusted Types refuse it before the policy for scripts is asked.
      }
      button.click()
      await seen(2)
      await fetch("https://evil.example/").catch(() => undefined)
      await seen(3)
      return found
    })
    expect(blocked).toEqual(["img-src", expect.stringMatching(/trusted-types|script-src/), "connect-src"])
    expect(await page.evaluate(() => "harmed" in window)).toBe(false)
  })
})
