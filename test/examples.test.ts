/** The examples, as newcomers run them: built, in a real browser, against real nodes. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { type Client, createClient, socketsOf, textOf } from "@everthread/client"
import { WebSocket } from "ws"
import { hasChromium } from "../packages/web/test/support/chromium.ts"
import { Cluster } from "./support/examples/cluster.ts"
import { asMessages, type ShownPage, webAppPage, wordsOf } from "./support/examples/shown.ts"
import { Visitors } from "./support/examples/visitors.ts"

const folder = new URL("../examples/", import.meta.url)
const read = (path: string) => readFileSync(new URL(path, folder), "utf8")
const examples = readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? entry.name : [],
)

/** The icon and the style: one page's are every page's, so that each folder stands alone. */
const lookOf = (page: string) => page.match(/<link rel="icon"[^\n]*|<style>.*<\/style>/gs)

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
  })

  test("is in a conversation of its own, and looks like the others", () => {
    const pages = readdirSync(new URL(name, folder)).filter((file) => file.endsWith(".html"))
    for (const page of pages) expect(lookOf(read(`${name}/${page}`))).toEqual(lookOf(read("plain/index.html")))
    const sources = readdirSync(new URL(name, folder), { recursive: true, encoding: "utf8" })
      .filter((file) => !file.includes("node_modules") && /\.(?:html|tsx|mjs)$/.test(file))
      .map((file) => read(`${name}/${file}`))
    expect(sources.join("")).toMatch(new RegExp(`(?:get\\("conversation"\\) \\?\\?|threadId =) "${name}"`))
  })
})

test("examples/plain is served without a build and without a complaint", async () => {
  const child = spawn(process.execPath, ["serve.mjs"], {
    cwd: fileURLToPath(new URL("plain", folder)),
    env: { PORT: "0" },
    stdio: ["ignore", "pipe", "pipe"],
  })
  const complaints: string[] = []
  child.stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text))
  const [line] = (await once(child.stdout.setEncoding("utf8"), "data")) as [string]
  const address = line.trim()
  expect(await (await fetch(address)).text()).toBe(read("plain/index.html"))
  expect((await fetch(`${address}/nothing.js`)).status).toBe(404)
  expect((await fetch(`${address}/%2e%2e/README.md`)).status).toBe(404)
  child.kill()
  await once(child, "close")
  expect(complaints).toEqual([])
})

/** A machine that is busy with other tests is slow, and nothing is wrong with that. */
const waiting = { timeout: 60_000, interval: 50 }

describe.runIf(hasChromium)("in a browser", () => {
  let cluster: Cluster
  let visitors: Visitors
  let observer: Client

  beforeAll(async () => {
    visitors = await Visitors.start()
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
    await visitors?.leave()
    observer?.close()
    await cluster?.stop()
  })
  afterAll(() => visitors?.stop())

  /** @param path the page among those of an example, and what its address says. */
  const openExample = (name: string, node: number, path: string) => visitors.open(name, cluster.portOf(node), path)

  async function openWebApp(conversation: string, node: number): Promise<ShownPage> {
    const page = await visitors.somebody()
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
    expect(visitors.complaints).toEqual([])
  }, 300_000)

  test("[AIS1] [AIS3] a stock useChat page whose node dies comes back by itself", async () => {
    const conversation = "stock"
    await observer.create({ conversation, agent: "demo" })
    const stock = await openExample("use-chat", 0, `?conversation=${conversation}`)
    const other = await openExample("plain", 1, `?conversation=${conversation}&user=bob`)
    await stock.say("Tell me a story")
    await allShowHalf([stock, other], 1)
    await cluster.kill(0)
    cluster.openGate(true)
    await allShow([stock, other], conversation, 2)
    await stock.say("Thank you")
    await allShow([stock, other], conversation, 4)
  }, 300_000)
})
