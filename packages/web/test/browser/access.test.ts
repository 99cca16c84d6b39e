/** The app for those who hear it or use no mouse, in every look that it has: by axe, which finds what a program can find. */
import { problems } from "../support/axe.ts"
import { makeConversation, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

const looks = [
  { name: "light", colorScheme: "light" },
  { name: "dark", colorScheme: "dark" },
  { name: "high contrast", colorScheme: "light", contrast: "more" },
  { name: "high contrast, dark", colorScheme: "dark", contrast: "more" },
] as const

describe.runIf(hasChromium)("nothing is in anybody's way", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  test.each(looks)("in $name", async ({ name, ...look }) => {
    const options = { ...look, reducedMotion: "reduce" } as const
    const stranger = await world.person(options)
    await stranger.page.goto(world.url)
    await stranger.page.getByLabel("Your name").waitFor()
    expect(await problems(stranger.page)).toEqual([])

    const { page } = await world.signedIn(`ada-${name.replace(/\W+/g, "-")}`, options)
    expect(await problems(page)).toEqual([])
    await makeConversation(page, { title: "Everything", people: "bob", agent: "demo" })
    await say(page, "a **bold** [link](https://example.org) and `code`", "a bold link")
    await say(page, "what is 2+3*4")
    await say(page, "book a table for 3")
    await page.getByRole("button", { name: "yes" }).waitFor()
    await page.locator("summary").first().click()
    expect(await problems(page)).toEqual([])

    await page.getByRole("button", { name: "What to do with this message" }).first().click({ force: true })
    await page.getByRole("menu").waitFor()
    // A menu that is open floats over the page, and so stands in none of its landmarks.
    expect(await problems(page, { rules: { region: { enabled: false } } })).toEqual([])
    await page.keyboard.press("Escape")

    await page.getByRole("button", { name: "2 members" }).click()
    await page.getByRole("dialog", { name: "People" }).waitFor()
    expect(await problems(page)).toEqual([])
    await page.keyboard.press("Escape")

    await page.keyboard.press("Control+k")
    await page.getByRole("option").first().waitFor()
    expect(await problems(page)).toEqual([])
  })
})
