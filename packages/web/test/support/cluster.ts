/** `everthread dev` as people start it, with the app as it is now, and people in front of browsers. */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Browser, BrowserContext, Page } from "playwright-core"
import type { Front } from "../../../cli/src/dev/front.ts"
import { type BuiltApp, buildApp } from "./built-app.ts"
import { launchChromium } from "./chromium.ts"
import { openFrontWithApp } from "./front-with-app.ts"

const bin = fileURLToPath(new URL("../../../cli/bin/everthread.mjs", import.meta.url))
/** Long enough that a node can be killed while the agent speaks. */
const wordDelayMs = "60"
const waitMs = 50_000

export interface ClusterOptions {
  readonly nodes: number
  readonly redis: string
}

export class DevWorld {
  readonly url: string
  readonly #folder: string
  readonly #child: ChildProcess
  readonly #app: BuiltApp
  readonly #front: Front
  readonly #browser: Browser
  readonly #contexts: BrowserContext[] = []

  private constructor(parts: {
    folder: string
    child: ChildProcess
    app: BuiltApp
    front: Front
    browser: Browser
  }) {
    this.url = `http://127.0.0.1:${parts.front.port}`
    this.#folder = parts.folder
    this.#child = parts.child
    this.#app = parts.app
    this.#front = parts.front
    this.#browser = parts.browser
  }

  static async open({ nodes, redis }: ClusterOptions): Promise<DevWorld> {
    const folder = mkdtempSync(join(tmpdir(), "everthread-dev-browser-"))
    const args = ["dev", "--nodes", String(nodes), "--port", "0", "--redis", redis]
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: folder,
      env: { PATH: process.env["PATH"] ?? "", LANG: "C", EVERTHREAD_DEMO_WORD_DELAY_MS: wordDelayMs },
      stdio: ["ignore", "pipe", "inherit"],
    })
    const address = await addressOf(child)
    const app = buildApp()
    const cluster = { port: () => Number(new URL(address).port), onLive: () => () => undefined }
    return new DevWorld({
      folder,
      child,
      app,
      front: await openFrontWithApp(cluster, app.folder),
      browser: await launchChromium(),
    })
  }

  /** Somebody who has said their name. */
  async signedIn(name: string, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Page> {
    const context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en", ...options })
    context.setDefaultTimeout(waitMs)
    this.#contexts.push(context)
    const page = await context.newPage()
    await page.goto(this.url)
    await page.getByLabel("Your name").fill(name)
    await page.getByRole("button", { name: "Start" }).click()
    await page.getByRole("navigation").getByText("Live").waitFor()
    return page
  }

  async closePeople(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
  }

  async close(): Promise<void> {
    await this.closePeople()
    await this.#browser.close()
    await this.#front.close()
    this.#child.kill("SIGTERM")
    await once(this.#child, "exit")
    rmSync(this.#folder, { recursive: true, force: true })
    this.#app.remove()
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  let said = ""
  return new Promise((resolve, reject) => {
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      said += text
      const url = /ready for development at (http:\/\/\S+)/.exec(said)?.[1]
      if (url !== undefined) resolve(url)
    })
    child.once("exit", (code) => reject(new Error(`everthread dev ended with ${code}: ${said}`)))
  })
}
