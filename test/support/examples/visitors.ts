/** People who open pages, each in a browser of their own, and what these pages complained of. */
import type { Browser, BrowserContext, Page } from "playwright-core"
import { launchChromium } from "../../../packages/web/test/support/chromium.ts"
import { examplePage, type ShownPage } from "./shown.ts"
import { Site } from "./site.ts"

export class Visitors {
  readonly complaints: string[] = []
  readonly #browser: Browser
  readonly #sites: Site[] = []
  readonly #contexts: BrowserContext[] = []

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async start(): Promise<Visitors> {
    return new Visitors(await launchChromium())
  }

  /** Somebody with a browser of their own. */
  async somebody(): Promise<Page> {
    const context = await this.#browser.newContext({ locale: "en" })
    context.setDefaultTimeout(60_000)
    this.#contexts.push(context)
    const page = await context.newPage()
    page.on("pageerror", (error) => this.complaints.push(error.message))
    page.on("response", (response) => {
      if (response.status() === 404 && response.url().endsWith(".ico")) this.complaints.push(response.url())
    })
    return page
  }

  /**
   * @param port of its server.
   * @param path the page among those of an example, and what its address says.
   */
  async open(example: string, port: number, path = ""): Promise<ShownPage> {
    const site = await Site.of(example, port)
    this.#sites.push(site)
    const page = await this.somebody()
    await page.goto(`${site.url}/${path}`)
    return examplePage(example, page)
  }

  /** They leave; others may come. */
  async leave(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
    for (const site of this.#sites.splice(0)) site.close()
    this.complaints.length = 0
  }

  async stop(): Promise<void> {
    await this.leave()
    await this.#browser.close()
  }
}
