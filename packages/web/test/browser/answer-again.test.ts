/** Answers that are given anew, and conversations that go on from one. */
import type { Page } from "playwright-core"
import {
  chooseFor,
  field,
  log,
  makeConversation,
  openConversation,
  row,
  say,
  showDeveloper,
} from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

describe.runIf(hasChromium)("an answer", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  const sum = async (title: string) => {
    const ada = await world.signedIn("ada")
    await makeConversation(ada.page, { title, agent: "demo" })
    await say(ada.page, "what is 2+3*4")
    await row(ada.page, "The result: 14").waitFor()
    await idle(ada.page)
    return ada
  }
  const idle = (page: Page) => page.getByRole("status").filter({ hasText: "demo" }).waitFor({ state: "detached" })
  const rows = (page: Page) => log(page).getByRole("article").count()

  test("[RUN9] is replaced on every device when it is given again", async () => {
    const { page, complaints } = await sum("Again")
    const phone = await world.signedIn("ada")
    await openConversation(phone.page, "Again")
    await row(phone.page, "The result: 14").waitFor()
    const before = await rows(phone.page)
    await chooseFor(page, "The result: 14", "Answer again")
    await row(phone.page, "The result: 14").waitFor({ state: "detached" })
    for (const one of [page, phone.page]) await row(one, "The result: 14").waitFor()
    await idle(phone.page)
    expect(await rows(phone.page)).toBe(before)
    expect(complaints).toEqual([])
  })

  test("[RUN9] answers another question when that is edited", async () => {
    const { page } = await sum("Edited")
    await field(page).press("ArrowUp")
    await field(page).fill("what is 20+2")
    await page.getByRole("button", { name: "Save and answer again" }).click()
    await row(page, "The result: 22").waitFor()
    expect(await row(page, "The result: 14").count()).toBe(0)
    await row(page, "what is 20+2").getByText("edited").waitFor()
  })

  test("[HIS3] is where another conversation may begin, from the message or from the checkpoints", async () => {
    const { page, complaints } = await sum("Fork")
    await say(page, "hello again")
    await idle(page)
    await chooseFor(page, "The result: 14", "Continue from here in a new conversation")
    await page.getByRole("heading", { name: "Fork (continued)" }).waitFor()
    await row(page, "The result: 14").waitFor()
    expect(await row(page, "hello again").count()).toBe(0)
    await page.getByRole("link", { name: "It continues another conversation." }).click()
    await page.getByRole("heading", { name: "Fork", exact: true }).waitFor()

    await showDeveloper(page)
    await page.getByRole("button", { name: "Checkpoints" }).click()
    const list = page.getByRole("list", { name: "Checkpoints of demo" })
    const input = list.getByRole("listitem").filter({ hasText: "Input" }).last()
    await input.getByRole("button", { name: "State" }).click()
    await list.getByText('"messages"').first().waitFor()
    await input.getByRole("button", { name: "Fork" }).click()
    await page.getByRole("heading", { name: "Fork (continued)" }).waitFor()
    await page.getByRole("main").getByText("Live").waitFor()
    expect(await row(page, "The result: 14").count()).toBe(0)
    expect(complaints).toEqual([])
  })
})
