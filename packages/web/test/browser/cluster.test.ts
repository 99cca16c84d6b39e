/** The panel of `everthread dev`: three real nodes on a real Redis, a page, and a kill button. */

import { type RedisServer, startRedis } from "@everthread/stage"
import axe from "axe-core"
import type { Locator, Page } from "playwright-core"
import { log, makeConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { DevWorld } from "../support/cluster.ts"

const panel = (page: Page): Locator => page.getByRole("complementary", { name: "Cluster" })
const node = (page: Page, name: string): Locator => panel(page).getByRole("listitem", { name })

/** @returns the node that works on the run now, by the panel's words. */
async function ownerOf(page: Page, words: RegExp): Promise<string> {
  const text = await panel(page).getByText(words).innerText()
  return /node-\d/.exec(text)?.[0] ?? ""
}

/** @param within a part of the page: of a phone's one half of the app is hidden, its landmarks with it. */
async function problems(page: Page, within = "html"): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (within) =>
      (window as unknown as { axe: typeof axe }).axe.run(within, {
        runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"],
      }),
    within,
  )
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
}

describe.runIf(hasChromium)("the cluster's panel", () => {
  let redis: RedisServer
  let world: DevWorld
  beforeAll(async () => {
    redis = await startRedis()
    world = await DevWorld.open({ nodes: 3, redis: redis.url })
  })
  afterEach(() => world.closePeople())
  afterAll(async () => {
    await world?.close()
    await redis?.stop()
  })

  test("[DEV3] [DEV4] the node that tells a story is killed: the run moves, and the story comes to its end, whole", async () => {
    const page = await world.signedIn("ada")
    await panel(page).getByText("3 of 3 live").waitFor()
    await makeConversation(page, { title: "Story", agent: "demo" })
    await say(page, "tell me a story")
    const words = /demo is working on node-\d · attempt 1/
    const owner = await ownerOf(page, words)
    await log(page).getByText("This story comes").waitFor()
    await node(page, owner)
      .getByRole("button", { name: `Kill ${owner}` })
      .click()
    await node(page, owner).getByText("killed").waitFor()
    await panel(page).getByText("2 of 3 live").waitFor()
    const next = await ownerOf(page, /demo is recovering on node-\d · attempt 2/)
    expect(next).not.toBe(owner)
    await panel(page).getByText(`${owner} → ${next}`).waitFor()
    await panel(page).getByText(`completed on ${next} · attempt 2`).waitFor()
    // Wherever the page was connected, it is again, and shows the story once.
    await page.getByRole("navigation").getByText("Live").waitFor()
    await row(page, "why there is only one").waitFor()
    expect(await log(page).getByText("This story comes from an offline demo model").count()).toBe(1)
    await node(page, owner)
      .getByRole("button", { name: `Start ${owner} again` })
      .click()
    await panel(page).getByText("3 of 3 live").waitFor()
  })

  test("[DEV1] [DEV3] the node of this very page is killed, and the page goes on at the same address on another one", async () => {
    const page = await world.signedIn("bob")
    const here = panel(page).getByRole("listitem").filter({ hasText: "This page is connected here" })
    const first = await here.getAttribute("aria-label")
    await node(page, `${first}`).getByRole("button", { name: "Kill" }).click()
    await node(page, `${first}`).getByText("killed").waitFor()
    await here.waitFor()
    expect(await here.getAttribute("aria-label")).not.toBe(first)
    await page.reload()
    await page.getByRole("navigation").getByText("Live").waitFor()
    await node(page, `${first}`).getByRole("button", { name: "Start" }).click()
    await panel(page).getByText("3 of 3 live").waitFor()
  })

  test("[CON3] the node of this very page stands still: the page notices by itself, and goes on on another one", async () => {
    const page = await world.signedIn("eve")
    const here = panel(page).getByRole("listitem").filter({ hasText: "This page is connected here" })
    const first = `${await here.getAttribute("aria-label")}`
    await node(page, first).getByRole("button", { name: "Pause" }).click()
    await node(page, first).getByText("paused").waitFor()
    await panel(page).getByRole("listitem").filter({ hasText: "This page" }).filter({ hasText: "live" }).waitFor()
    expect(await here.getAttribute("aria-label")).not.toBe(first)
    await page.getByRole("navigation").getByText("Live").waitFor()
    await node(page, first)
      .getByRole("button", { name: `Let ${first} go on` })
      .click()
    await panel(page).getByText("3 of 3 live").waitFor()
  })

  test("[RUN2] [DEV4] a node that stands still loses its run, and writes nothing when it goes on", async () => {
    const page = await world.signedIn("cleo")
    await makeConversation(page, { title: "Pause", agent: "demo" })
    await say(page, "tell me a story")
    const owner = await ownerOf(page, /demo is working on node-\d · attempt 1/)
    await log(page).getByText("This story comes").waitFor()
    await node(page, owner)
      .getByRole("button", { name: `Pause ${owner}` })
      .click()
    await node(page, owner).getByText("paused").waitFor()
    const next = await ownerOf(page, /demo is recovering on node-\d · attempt 2/)
    expect(next).not.toBe(owner)
    await node(page, owner)
      .getByRole("button", { name: `Let ${owner} go on` })
      .click()
    await panel(page).getByText(`completed on ${next} · attempt 2`).waitFor()
    await page.getByRole("navigation").getByText("Live").waitFor()
    await row(page, "why there is only one").waitFor()
    expect(await log(page).getByText("This story comes from an offline demo model").count()).toBe(1)
  })

  test.each(["light", "dark"] as const)(
    "is in nobody's way, in %s, on a phone too, and in Chinese",
    async (colorScheme) => {
      const page = await world.signedIn(`dora-${colorScheme}`, { colorScheme, reducedMotion: "reduce" })
      await panel(page).getByText("3 of 3 live").waitFor()
      expect(await problems(page)).toEqual([])
      await makeConversation(page, { title: "Looks", agent: "demo" })
      await say(page, "hello")
      await panel(page).getByText("“hello”").waitFor()
      expect(await problems(page)).toEqual([])
      await page.setViewportSize({ width: 360, height: 640 })
      expect(await problems(page, "aside")).toEqual([])
      const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth
      expect(await page.evaluate(fits)).toBe(true)
      await panel(page).getByRole("button", { name: "Hide the cluster" }).click()
      await page.getByRole("link", { name: "All conversations" }).click()
      expect(await panel(page).getByRole("listitem").count()).toBe(0)
      await page.getByRole("button", { name: "Settings" }).click()
      await page.getByRole("menuitemradio", { name: "简体中文" }).click()
      await page.keyboard.press("Escape")
      await page.getByRole("complementary", { name: "集群" }).getByText("3/3 存活").waitFor()
    },
  )
})
