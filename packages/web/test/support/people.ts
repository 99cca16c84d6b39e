/**
 * People in front of browsers. Whatever a page complains about is kept: a test fails on it at the end, because nobody looks
 * at a console.
 */
import type { Browser, BrowserContext, Page } from "playwright-core"

/** A machine that is busy with other tests is slow, and nothing is wrong with that: just below what a test may take. */
const waitMs = 50_000

export type PersonOptions = Parameters<Browser["newContext"]>[0]

export interface Person {
  readonly page: Page
  readonly context: BrowserContext
  /** What this person's pages complained about. */
  readonly complaints: readonly string[]
}

export class People {
  readonly #browser: Browser
  readonly #contexts: BrowserContext[] = []

  constructor(browser: Browser) {
    this.#browser = browser
  }

  /** Somebody with a browser of their own, whose app is not open yet. */
  async person(options: PersonOptions = {}): Promise<Person> {
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

  /** Somebody who has said their name, at this address. */
  async signedIn(url: string, name: string, options: PersonOptions = {}): Promise<Person> {
    const person = await this.person(options)
    await person.page.goto(url)
    await person.page.getByLabel("Your name").fill(name)
    await person.page.getByRole("button", { name: "Start" }).click()
    await person.page.getByRole("navigation").getByText("Live").waitFor()
    return person
  }

  async leave(): Promise<void> {
    for (const context of this.#contexts.splice(0)) await context.close()
  }
}
