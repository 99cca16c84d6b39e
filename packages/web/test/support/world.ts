/**
 * A server with the app and the demo agent, and people in front of browsers. Whatever a page complains about is kept:
 * a test fails on it at the end, because nobody looks at a console.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { systemClock, systemRandom } from "@everthread/protocol"
import { createLog } from "@everthread/server"
import { mintToken } from "@everthread/server/auth"
import { loadConfig } from "@everthread/server/config"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { findAgents } from "../../../cli/src/serve/agent-source.ts"
import { type RunningNode, startNode } from "../../../cli/src/serve/start-node.ts"
import { buildApp } from "./built-app.ts"
import { launchChromium } from "./chromium.ts"

const survey = fileURLToPath(new URL("../agents/survey.mjs", import.meta.url))
const demo = fileURLToPath(new URL("../../../cli/src/demo/agent.ts", import.meta.url))
const secret = "0123456789abcdef0123456789abcdef"

/** Long enough that a person can do something while the agent speaks. */
process.env["EVERTHREAD_DEMO_WORD_DELAY_MS"] = "30"

/** A machine that is busy with other tests is slow, and nothing is wrong with that: just below what a test may take. */
const waitMs = 50_000

export interface Person {
  readonly page: Page
  readonly context: BrowserContext
  /** What this person's pages complained about. */
  readonly complaints: readonly string[]
}

export class World {
  readonly #folder = mkdtempSync(join(tmpdir(), "everthread-browser-"))
  readonly #app: string
  readonly #browser: Browser
  readonly #contexts: BrowserContext[] = []
  readonly #needsToken: boolean
  #node: RunningNode | undefined
  #port = 0

  private constructor(app: string, browser: Browser, needsToken: boolean) {
    this.#app = app
    this.#browser = browser
    this.#needsToken = needsToken
  }

  static async open({ needsToken = false } = {}): Promise<World> {
    const world = new World(buildApp(), await launchChromium(), needsToken)
    await world.start()
    return world
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`
  }

  /** The second time on the same port and the same data. */
  async start(): Promise<void> {
    const flags = {
      port: String(this.#port),
      data: join(this.#folder, "data"),
      "server-id": "node-1",
      "rate-limit-sends": "100000",
      "rate-limit-changes": "100000",
      "log-level": "error",
      graph: [`demo=${demo}:graph`, `survey=${survey}:graph`],
    }
    const { config } = loadConfig({ env: this.#needsToken ? { JWT_SECRET: secret } : {}, flags })
    const terminal = { write: () => {} }
    const log = createLog({ config: config.logging, terminal, clock: systemClock, secrets: [] })
    const source = findAgents(config, this.#folder)
    const parts = { config, source, log, clock: systemClock, random: systemRandom, webApp: this.#app }
    this.#node = await startNode(parts)
    this.#port = this.#node.port
  }

  async stop(): Promise<void> {
    await this.#node?.stop()
    this.#node = undefined
  }

  token(user: string, ttlMs = 600_000): Promise<string> {
    return mintToken({ user, secret, ttlMs, audience: undefined }, systemClock)
  }

  /** Somebody with a browser of their own, whose app is not open yet. */
  async person(options: Parameters<Browser["newContext"]>[0] = {}): Promise<Person> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en", ...options })
    context.setDefaultTimeout(waitMs)
    this.#contexts.push(context)
    const complaints: string[] = []
    const page = await context.newPage()
    page.on("pageerror", (error) => complaints.push(error.message))
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text())
    })
    return { page, context, complaints }
  }

  /** Somebody who has said their name. */
  async signedIn(name: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Person> {
    const person = await this.person(options)
    await person.page.goto(this.url)
    await person.page.getByLabel("Your name").fill(name)
    await person.page.getByRole("button", { name: "Start" }).click()
    await person.page.getByRole("navigation").getByText("Live").waitFor()
    return person
  }

  async closePeople(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
  }

  async close(): Promise<void> {
    await this.closePeople()
    await this.#browser.close()
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
    rmSync(this.#app, { recursive: true, force: true })
  }
}
