/** One person, one browser, and everything that can go wrong around them. */
import { createClient, socketsOf } from "@everthread/client"
import type { Page } from "playwright-core"
import { WebSocket } from "ws"
import { field, log, makeConversation, openConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

const hasNoSidewaysScroll = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth)

describe.runIf(hasChromium)("one person", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  test("[ACK3] what is written while the server is away is sent when it is back, once, also after a reload", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Tunnel" })
    await world.stop()
    await page.getByRole("navigation").getByText("Offline").waitFor()
    await say(page, "from the tunnel")
    await row(page, "from the tunnel").or(log(page)).getByText("Waiting to be sent").waitFor()
    await world.start()
    await page.getByRole("navigation").getByText("Live").waitFor()
    await page.getByText("Waiting to be sent").waitFor({ state: "detached" })
    await page.getByText("Sending").waitFor({ state: "detached" })
    await page.reload()
    await row(page, "from the tunnel").waitFor()
    expect(await row(page, "from the tunnel").count()).toBe(1)
  })

  test("what was begun is there again after a reload, for this conversation alone", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "First" })
    await field(page).fill("half a tho")
    await makeConversation(page, { title: "Second" })
    expect(await field(page).inputValue()).toBe("")
    await page.reload()
    await openConversation(page, "First")
    expect(await field(page).inputValue()).toBe("half a tho")
  })

  test("the Enter that ends a composition sends nothing", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Composing" })
    await field(page).fill("ni")
    await field(page).dispatchEvent("keydown", { key: "Enter", isComposing: true, bubbles: true })
    expect(await field(page).inputValue()).toBe("ni")
    await field(page).press("Shift+Enter")
    await field(page).pressSequentially("hao")
    expect(await field(page).inputValue()).toBe("ni\nhao")
    await field(page).press("Enter")
    await row(page, "hao").waitFor()
  })

  test("Chinese is written through an input method, whose Enter takes what it shows and sends nothing", async () => {
    const { page, context, complaints } = await world.signedIn("ada")
    await makeConversation(page, { title: "Pinyin" })
    await field(page).focus()
    const browser = await context.newCDPSession(page)
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 } as const
    for (const text of ["n", "ni", "ni'hao"])
      await browser.send("Input.imeSetComposition", { text, selectionStart: text.length, selectionEnd: text.length })
    await browser.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter })
    await browser.send("Input.insertText", { text: "你好" })
    await browser.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter })
    expect(await field(page).inputValue()).toBe("你好")
    expect(await log(page).getByRole("article").count()).toBe(0)
    await field(page).press("Enter")
    await row(page, "你好").waitFor()
    expect(await field(page).inputValue()).toBe("")
    expect(await log(page).locator(".prose").allInnerTexts()).toEqual(["你好"])
    expect(complaints).toEqual([])
  })

  test("goes to a conversation by typing a part of its title", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Alpha mountain" })
    await makeConversation(page, { title: "Beta river" })
    await page.keyboard.press("Control+k")
    await page.getByRole("combobox").fill("mount")
    await page.getByRole("option", { name: "Alpha mountain" }).waitFor()
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "Alpha mountain" }).waitFor()
    await page.getByRole("dialog").waitFor({ state: "detached" })
  })

  test("changes the language without a reload, and keeps it", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Words" })
    await field(page).fill("kept")
    await page.getByRole("button", { name: "Settings" }).click()
    await page.getByRole("menuitemradio", { name: "简体中文" }).click()
    await page.getByRole("heading", { name: "对话", exact: true }).waitFor()
    expect(await page.getByLabel("消息", { exact: true }).and(page.locator("textarea")).inputValue()).toBe("kept")
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-Hans")
    await page.reload()
    await page.getByRole("heading", { name: "对话", exact: true }).waitFor()
  })

  test("on a phone sees one thing at a time, and nothing to the side of it", async () => {
    const { page } = await world.signedIn("ada", { viewport: { width: 360, height: 640 }, hasTouch: true })
    expect(await hasNoSidewaysScroll(page)).toBe(true)
    await makeConversation(page, { title: "A long title that does not fit on a small phone at all", agent: "demo" })
    await say(page, `book a table for 2, ${"unbroken".repeat(30)}`)
    await page.getByRole("button", { name: "yes" }).waitFor()
    expect(await hasNoSidewaysScroll(page)).toBe(true)
    expect(await page.getByRole("navigation").isVisible()).toBe(false)
    await page.getByRole("link", { name: "All conversations" }).click()
    await page.getByRole("link", { name: /A long title/ }).waitFor()
    expect(await field(page).isVisible()).toBe(false)
  })

  test("[LOG8] pages back to the first message, and what is read stays where it is", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Long" })
    const place = page.url()
    const conversation = new URL(place).hash.slice("#/c/".length)
    // Nobody looks meanwhile: to show each line as it comes is not what this is about, and takes a browser long.
    await page.goto("about:blank")
    const url = `${world.url.replace("http", "ws")}/v1`
    const writer = createClient({ url, user: "ada", device: "writer", socket: socketsOf(WebSocket) })
    const sending = Array.from({ length: 320 }, (_, index) =>
      writer.conversation(conversation).send(`line ${index + 1}.`),
    )
    await Promise.all(sending)
    writer.close()
    await page.goto(place)
    await row(page, "line 320.").waitFor()
    await log(page).evaluate((element) => element.scrollTo(0, 0))
    const first = row(page, "line 121.")
    await first.waitFor()
    const before = await first.evaluate((element) => element.getBoundingClientRect().top)
    await row(page, "line 100.").waitFor({ state: "attached" })
    const after = await first.evaluate((element) => element.getBoundingClientRect().top)
    expect(Math.abs(after - before)).toBeLessThan(80)
    for (let seen = 0; (await row(page, "line 1.").count()) === 0 && seen < 20; seen++) {
      await log(page).evaluate((element) => element.scrollTo(0, 0))
      await log(page).getByText("Loading").waitFor({ state: "detached" })
    }
    await log(page).getByText("This is the beginning.").waitFor()
    await row(page, "line 1.").waitFor({ state: "attached" })
  })
})

describe.runIf(hasChromium)("[AUT1] where tokens are asked for", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open({ needsToken: true })
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  test("a link may bring one, which leaves the address at once and is remembered", async () => {
    const { page } = await world.person()
    await page.goto(`${world.url}/#token=${await world.token("ada")}`)
    await page.getByRole("navigation").getByText("Live").waitFor()
    await page.getByRole("navigation").getByText("ada").waitFor()
    expect(page.url()).not.toContain("token")
    await page.reload()
    await page.getByRole("navigation").getByText("Live").waitFor()
  })

  test("a link does not sign a person in as somebody else", async () => {
    const { page } = await world.person()
    await page.goto(`${world.url}/#token=${await world.token("ada")}`)
    await page.getByRole("navigation").getByText("Live").waitFor()
    await page.goto("about:blank")
    await page.goto(`${world.url}/#token=${await world.token("eve")}`)
    await page.getByRole("navigation").getByText("ada").waitFor()
    expect(page.url()).not.toContain("token")
  })

  test("a person may bring one; what the server refuses is told in its words", async () => {
    const { page } = await world.person()
    await page.goto(world.url)
    await page.getByLabel("Token").fill("nonsense")
    await page.getByRole("button", { name: "Start" }).click()
    await page.getByText("That is no JSON Web Token that names a user.").waitFor()
    await page.getByLabel("Token").fill(`${(await world.token("ada")).slice(0, -4)}AAAA`)
    await page.getByRole("button", { name: "Start" }).click()
    await page.getByText("The server does not accept the token").waitFor()
    await page.getByLabel("Token").fill(await world.token("ada"))
    await page.getByRole("button", { name: "Start" }).click()
    await page.getByRole("navigation").getByText("Live").waitFor()
  })
})
