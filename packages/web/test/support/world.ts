/** A server with the app and the demo agent, and people in front of browsers. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { systemClock, systemRandom } from "@everthread/protocol"
import { createLog } from "@everthread/server"
import { mintToken } from "@everthread/server/auth"
import { loadConfig } from "@everthread/server/config"
import type { Browser } from "playwright-core"
import { findAgents } from "../../../cli/src/serve/agent-source.ts"
import { type RunningNode, startNode } from "../../../cli/src/serve/start-node.ts"
import { type BuiltApp, buildApp } from "./built-app.ts"
import { launchChromium } from "./chromium.ts"
import { People, type Person, type PersonOptions } from "./people.ts"
import { xssCorpus } from "./xss-corpus.ts"

const survey = fileURLToPath(new URL("../agents/survey.mjs", import.meta.url))
const mischief = fileURLToPath(new URL("../agents/mischief.mjs", import.meta.url))
const demo = fileURLToPath(new URL("../../../cli/src/demo/agent.ts", import.meta.url))
const secret = "0123456789abcdef0123456789abcdef"

/** Long enough that a person can do something while the agent speaks. */
process.env["EVERTHREAD_DEMO_WORD_DELAY_MS"] = "30"
process.env["HARM"] = JSON.stringify(xssCorpus)

export type { Person } from "./people.ts"

export class World {
  readonly #folder = mkdtempSync(join(tmpdir(), "everthread-browser-"))
  readonly #app: BuiltApp
  readonly #browser: Browser
  readonly #people: People
  readonly #needsToken: boolean
  #node: RunningNode | undefined
  #port = 0

  private constructor(app: BuiltApp, browser: Browser, needsToken: boolean) {
    this.#app = app
    this.#browser = browser
    this.#people = new People(browser)
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
      graph: [`demo=${demo}:graph`, `survey=${survey}:graph`, `mischief=${mischief}:graph`],
    }
    const { config } = loadConfig({ env: this.#needsToken ? { JWT_SECRET: secret } : {}, flags })
    const terminal = { write: () => {} }
    const log = createLog({ config: config.logging, terminal, clock: systemClock, secrets: [] })
    const source = findAgents(config, this.#folder)
    const parts = { config, source, log, clock: systemClock, random: systemRandom, webApp: this.#app.folder }
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
  person(options: PersonOptions = {}): Promise<Person> {
    return this.#people.person(options)
  }

  /** Somebody who has said their name. */
  signedIn(name: string, options: PersonOptions = {}): Promise<Person> {
    return this.#people.signedIn(this.url, name, options)
  }

  closePeople(): Promise<void> {
    return this.#people.leave()
  }

  async close(): Promise<void> {
    await this.closePeople()
    await this.#browser.close()
    await this.stop()
    rmSync(this.#folder, { recursive: true, force: true })
    this.#app.remove()
  }
}
