/** The examples, as newcomers run them: built, in a real browser, against real nodes. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { type Client, createClient, socketsOf, textOf } from "@everthread/client"
import type { Browser, BrowserContext } from "playwright-core"
import { WebSocket } from "ws"
import { hasChromium, launchChromium } from "../packages/web/test/support/chromium.ts"
import { Cluster } from "./support/examples/cluster.ts"
import { asMessages, examplePage, type ShownPage, webAppPage, wordsOf } from "./support/examples/shown.ts"
import { Site } from "./support/examples/site.ts"

const folder = new URL("../examples/", import.meta.url)
const read = (path: string) => readFileSync(new URL(path, folder), "utf8")
const examples = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
)

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
}

describe.each(examples)("examples/%s", (name) => {
  const manifest = JSON.parse(read(`${name}/package.json`)) as Manifest

  test("names the very versions that are tested here, and its links lead to our packages", () => {
    for (const [dependency, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
      const linked = /^file:(.*)$/.exec(version)?.[1]
      const found = linked ? `${name}/${linked}/package.json` : `../node_modules/${dependency}/package.json`
      const { name: itsName, version: itsVersion } = JSON.parse(read(found)) as { name: string; version: string }
      expect(itsName).toBe(dependency)
      if (!linked) expect(itsVersion, dependency).toBe(version)
    }
  })

  test("has a page about it of a screenful, with the lines that start it", () => {
    const page = read(`${name}/README.md`)
    expect(page.split("\n").length).toBeLessThan(16)
    expect(page).toContain("npm start")
    expect(page).toContain("npm i && npm run dev")
    expect(Object.keys(manifest.scripts)).toContain("dev")
    expect(existsSync(new URL(`${name}/index.html`, folder))).toBe(true)
  })
})

/** A machine that is busy with other tests is slow, and nothing is wrong with that. */
const waiting = { timeout: 60_000, interval: 50 }

describe.runIf(hasChromium)("in a browser", () => {
  let cluster: Cluster
  let browser: Browser
  let observer: Client
  const sites: Site[] = []
  const contexts: BrowserContext[] = []
  const complaints: string[] = []

  beforeAll(async () => {
    browser = await launchChromium()
  })
  beforeEach(async () => {
    cluster = await Cluster.start()
    observer = createClient({
      url: `ws://127.0.0.1:${cluster.portOf(2)}/v1`,
      user: "observer",
      device: "test",
      socket: socketsOf(WebSocket),
    })
  }, 120_000)
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close()
    for (const site of sites.splice(0)) site.close()
    complaints.length = 0
    observer?.close()
    await cluster?.stop()
  })
  afterAll(() => browser?.close())

  /** Somebody with a browser of their own. */
  async function somebody() {
    const context = await browser.newContext({ locale: "en" })
    context.setDefaultTimeout(60_000)
    contexts.push(context)
    const page = await context.newPage()
    page.on("pageerror", (error) => complaints.push(error.message))
    return page
  }

  /** @param path the page among those of an example, and what its address says. */
  async function openExample(name: string, node: number, path: string): Promise<ShownPage> {
    const site = await Site.of(name, cluster.portOf(node))
    sites.push(site)
    const page = await somebody()
    await page.goto(`${site.url}/${path}`)
    return examplePage(name, page)
  }

  async function openWebApp(conversation: string, node: number): Promise<ShownPage> {
    const page = await somebody()
    await page.goto(`http://127.0.0.1:${cluster.portOf(node)}/#/c/${conversation}`)
    await page.getByLabel("Your name").fill("cleo")
    await page.getByRole("button", { name: "Start" }).click()
    await page.getByRole("button", { name: "Join it" }).click()
    return webAppPage(page)
  }

  const messagesOf = (conversation: string): string[] =>
    observer.conversation(conversation).snapshot().messages.map(textOf)

  /** So many messages are in the log, no run is under way, and every page shows them, in their order. */
  async function allShow(pages: readonly ShownPage[], conversation: string, count: number): Promise<void> {
    await vi.waitUntil(() => {
      const { state, messages } = observer.conversation(conversation).snapshot()
      return messages.length === count && state.runs.every(({ status }) => status === "completed")
    }, waiting)
    const messages = messagesOf(conversation)
    for (const { name, texts } of pages) {
      await expect
        .poll(async () => asMessages(await texts(), messages), { ...waiting, message: name })
        .toEqual(messages)
    }
  }

  /** Each shows the first half of a story, of which the agent says no more yet. */
  async function allShowHalf(pages: readonly ShownPage[], at: number): Promise<void> {
    for (const { name, texts } of pages) {
      const end = async () => wordsOf((await texts())[at]).slice(-6)
      await expect.poll(end, { ...waiting, message: name }).toBe("word19")
    }
  }

  /** In the middle of a story a node dies, and the story goes on to its end. */
  async function killInMidStory(pages: readonly ShownPage[], conversation: string, node: number): Promise<void> {
    const before = messagesOf(conversation).length
    cluster.openGate(false)
    await pages[node]?.say("Tell me a story")
    await allShowHalf(pages, before + 1)
    await cluster.kill(node)
    cluster.openGate(true)
    await allShow(pages, conversation, before + 2)
  }

  test("[NOD1] [LGR1] [LGR7] [AIS7] pages of every make in one conversation, on three nodes, show the same, and outlive nodes", async () => {
    const conversation = "shared"
    await observer.create({ conversation, agent: "demo" })
    const pages = [
      await openExample("use-stream", 0, `?conversation=${conversation}`),
      await openExample("use-chat", 1, `shared.html?conversation=${conversation}&user=eve`),
      await openWebApp(conversation, 2),
      await openExample("react", 0, `?conversation=${conversation}&user=ada`),
      await openExample("plain", 1, `?conversation=${conversation}&user=bob`),
    ]
    for (const [at, page] of pages.entries()) {
      await page.say(`Hello from ${page.name}`)
      await allShow(pages, conversation, 2 * (at + 1))
    }
    await killInMidStory(pages, conversation, 0)
    await killInMidStory(pages, conversation, 1)
    for (const page of pages) {
      const count = messagesOf(conversation).length
      await page.say(`Still here: ${page.name}`)
      await allShow(pages, conversation, count + 2)
    }
    expect(complaints).toEqual([])
  }, 300_000)

  test("[AIS1] [AIS3] a stock useChat page whose node dies says so, and goes on where somebody lets it", async () => {
    const conversation = "stock"
    await observer.create({ conversation, agent: "demo" })
    const stock = await openExample("use-chat", 0, `?conversation=${conversation}`)
    const other = await openExample("plain", 1, `?conversation=${conversation}&user=bob`)
    await stock.say("Tell me a story")
    await allShowHalf([stock, other], 1)
    await cluster.kill(0)
    await stock.page.getByRole("button", { name: "Go on" }).click()
    await allShowHalf([stock], 1)
    cluster.openGate(true)
    await allShow([stock, other], conversation, 2)
    await stock.say("Thank you")
    await allShow([stock, other], conversation, 4)
  }, 300_000)
})
