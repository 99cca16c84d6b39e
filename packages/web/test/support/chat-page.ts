/** What people do in the chat, by the names that everybody sees and hears. */
import type { Locator, Page } from "playwright-core"

export const field = (page: Page): Locator => page.getByLabel("Message", { exact: true })
export const log = (page: Page): Locator => page.getByRole("region", { name: "Messages" })
export const row = (page: Page, text: string): Locator => log(page).getByRole("article").filter({ hasText: text })

export interface Made {
  readonly title: string
  readonly people?: string
  readonly agent?: string
}

export async function makeConversation(page: Page, { title, people = "", agent = "" }: Made): Promise<void> {
  await page.getByRole("button", { name: "New conversation" }).click()
  const dialog = page.getByRole("dialog", { name: "New conversation" })
  await dialog.getByLabel("Title").fill(title)
  await dialog.getByLabel("People").fill(people)
  await dialog.getByLabel("Agent").selectOption(agent)
  await dialog.getByRole("button", { name: "Create" }).click()
  await page.getByRole("heading", { name: title }).waitFor()
  await page.getByRole("main").getByText("Live").waitFor()
}

/** @param shown what is seen of it, where that is not what was written. */
export async function say(page: Page, text: string, shown = text): Promise<void> {
  await field(page).fill(text)
  await field(page).press("Enter")
  await row(page, shown).first().waitFor()
}

export async function openConversation(page: Page, title: string): Promise<void> {
  await page
    .getByRole("navigation")
    .getByRole("link", { name: new RegExp(title) })
    .click()
  await page.getByRole("heading", { name: title }).waitFor()
}

export async function chooseFor(page: Page, text: string, action: string): Promise<void> {
  // The first: a reply to it shows its words, too.
  const message = row(page, text).first()
  await message.hover()
  await message.getByRole("button", { name: "What to do with this message" }).click()
  await page.getByRole("menuitem", { name: action, exact: true }).click()
}

/** Shows what only developers look for: the names of nodes, and checkpoints. */
export async function showDeveloper(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Settings" }).click()
  await page.getByRole("menuitemradio", { name: "Shown, for developers" }).click()
  await page.keyboard.press("Escape")
  await page.getByRole("menu").waitFor({ state: "detached" })
}
