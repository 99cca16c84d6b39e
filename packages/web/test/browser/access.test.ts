/** The app for those who hear it or use no mouse, in every look that it has: by axe, which finds what a program can find. */
import axe, { type RunOptions } from "axe-core"
import type { Page } from "playwright-core"
import { makeConversation, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

/** @returns what is wrong, in words. */
async function problems(page: Page, rules: RunOptions["rules"] = {}): Promise<string[]> {
  // A dialog that is still fading in has the contrast of a ghost.
  await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== "running"))
  await page.evaluate(axe.source)
  const options: RunOptions = { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"], rules }
  const { violations } = await page.evaluate(
    (options) => (window as unknown as { axe: typeof axe }).axe.run(options),
    options,
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  )
}

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
    expect(await problems(page, { region: { enabled: false } })).toEqual([])
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
