/** Pages of different makes as a test sees them: what each shows, message by message, and how one writes there. */
import type { Page } from "playwright-core"
import { field, log } from "../../../packages/web/test/support/chat-page.ts"

export interface ShownPage {
  readonly name: string
  readonly page: Page
  say(text: string): Promise<void>
  /** What it shows, message by message, in its order. */
  texts(): Promise<string[]>
}

/** An example's page: a list, and a form below it. */
export function examplePage(name: string, page: Page): ShownPage {
  return {
    name,
    page,
    async say(text) {
      await page.getByLabel("Message").fill(text)
      await page.getByRole("button", { name: "Send" }).click()
    },
    texts: () => page.getByRole("listitem").allInnerTexts(),
  }
}

/** Our own web app. */
export function webAppPage(page: Page): ShownPage {
  return {
    name: "web app",
    page,
    async say(text) {
      await field(page).fill(text)
      await field(page).press("Enter")
    },
    texts: () => log(page).getByRole("article").allInnerTexts(),
  }
}

/**
 * Pages say who wrote a message and when in ways of their own, and one writes Markdown out: what they share is the words.
 * @returns what is shown, where a message is shown as that message.
 */
export function asMessages(texts: readonly string[], messages: readonly string[]): string[] {
  return texts.map((text, at) => {
    const message = messages[at]
    return message !== undefined && wordsOf(text).includes(wordsOf(message)) ? message : text
  })
}

export function wordsOf(text = ""): string {
  return text.replace(/[^\p{L}\p{N}]/gu, "")
}
