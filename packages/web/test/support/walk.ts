/** Somebody who walks through the app in a language of their own, and looks around in every state of it. */
import type { Locator, Page } from "playwright-core"
import { en, type Texts } from "../../src/i18n/en.ts"
import { problems } from "./axe.ts"

const sizes = {
  desk: { width: 1280, height: 800 },
  phone: { width: 360, height: 640 },
} as const
/** The colours of a state are those of every language and size, so each look is seen where another one is not. */
const looks = {
  en: {
    desk: { colorScheme: "light", contrast: "no-preference" },
    phone: { colorScheme: "dark", contrast: "no-preference" },
  },
  zh: { desk: { colorScheme: "light", contrast: "more" }, phone: { colorScheme: "dark", contrast: "more" } },
} as const

const fits = () => document.documentElement.scrollWidth <= document.documentElement.clientWidth

export class Walk {
  readonly page: Page
  readonly texts: Texts
  /** What was wrong anywhere, in words. */
  readonly found: string[] = []

  constructor(page: Page, texts: Texts) {
    this.page = page
    this.texts = texts
  }

  get log(): Locator {
    return this.page.getByRole("region", { name: this.texts.chat.log })
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name })
  }

  async say(text: string): Promise<void> {
    const field = this.page.getByRole("textbox", { name: this.texts.compose.label, exact: true })
    await field.fill(text)
    await field.press("Enter")
    await this.log.getByText(text).first().waitFor()
  }

  /** Opens what is to be looked at, looks, and closes it again. */
  async lookInto(role: "dialog" | "menu", state: string, open: () => Promise<void>): Promise<void> {
    await open()
    await this.page.getByRole(role).waitFor()
    // A menu that is open floats over the page, and so stands in none of its landmarks.
    await this.look(state, role === "menu" ? { region: { enabled: false } } : {})
    await this.page.keyboard.press("Escape")
    await this.page.getByRole(role).waitFor({ state: "detached" })
  }

  /** At both sizes, each in a look of its own. */
  async look(state: string, rules = {}): Promise<void> {
    for (const size of ["phone", "desk"] as const) {
      await this.page.setViewportSize(sizes[size])
      await this.page.emulateMedia(looks[this.texts === en ? "en" : "zh"][size])
      this.#note(`${state}, ${size}`, await problems(this.page, { rules }))
      if (!(await this.page.evaluate(fits))) this.#note(`${state}, ${size}`, ["something is to the side of the screen"])
    }
  }

  #note(where: string, problems: readonly string[]): void {
    this.found.push(...problems.map((problem) => `${where}: ${problem}`))
  }
}
