/** What people see of an agent at work, and what they can do about it. */

import { field, log, makeConversation, openConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

describe.runIf(hasChromium)("an agent", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  test("shows what it works on, its tools, and its answer", async () => {
    const { page, complaints } = await world.signedIn("ada")
    await makeConversation(page, { title: "Sums", agent: "demo" })
    await say(page, "what is 2+3*4")
    const call = log(page).getByText("calculator")
    await call.waitFor()
    await row(page, "The result: 14").waitFor()
    await log(page).getByText("done", { exact: true }).waitFor()
    await call.click()
    await log(page).getByText('"expression": "2+3*4"').waitFor()
    await page.getByRole("status").filter({ hasText: "demo" }).waitFor({ state: "detached" })
    expect(complaints).toEqual([])
  })

  test("[RUN4] is stopped by Esc, and what it had said stays", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Story", agent: "demo" })
    await say(page, "tell me a story")
    await page.getByText("demo is working").waitFor()
    await log(page).getByText("This story comes").waitFor()
    await field(page).press("Escape")
    await log(page).getByText("stopped", { exact: true }).waitFor()
    await log(page).getByText("This story comes").waitFor()
  })

  test("[QUE1] what waits for it stands in a queue that anybody may change", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Queue", agent: "survey" })
    await say(page, "fields")
    await page.getByText("survey waits for an answer").waitFor()
    await say(page, "list")
    await say(page, "expiring")
    await page.getByRole("button", { name: "2 queued" }).click()
    const queue = page.getByRole("list", { name: "Queue" })
    expect(await queue.getByRole("listitem").allInnerTexts()).toEqual([
      expect.stringContaining("list"),
      expect.stringContaining("expiring"),
    ])
    await queue.getByRole("button", { name: "Next" }).click()
    await queue.getByRole("listitem").first().filter({ hasText: "expiring" }).waitFor()
    await queue.getByRole("button", { name: "Take out of the queue" }).first().click()
    await page.getByRole("button", { name: "1 queued" }).waitFor()
  })

  test("[QUE3] a message that is to be sent only if it is idle is refused with the reason, and sent again on demand", async () => {
    const { page } = await world.signedIn("ada")
    await makeConversation(page, { title: "Busy", agent: "survey" })
    await say(page, "expiring")
    await page.getByText("survey waits for an answer").waitFor()
    await page.getByRole("button", { name: "While the agent is at work: Wait its turn" }).click()
    await page.getByRole("menuitemradio", { name: "Send only if idle" }).click()
    await page.keyboard.press("Escape")
    await say(page, "list")
    await log(page)
      .getByText(/^Not sent: \S/)
      .waitFor()
    await page.getByRole("region", { name: "survey asks" }).getByRole("button", { name: "No" }).click()
    await row(page, "Got false").waitFor()
    await log(page).getByRole("button", { name: "Try again" }).click()
    await page.getByRole("region", { name: "survey asks" }).getByLabel("Answer as JSON").waitFor()
  })

  describe("its question", () => {
    test("[RUN5] survives a reload, is answered on another device, and every device sees by whom", async () => {
      const [ada, bob] = [await world.signedIn("ada"), await world.signedIn("bob")]
      await makeConversation(ada.page, { title: "Table", people: "bob", agent: "demo" })
      await say(ada.page, "book a table for 3 at noon")
      const card = ada.page.getByRole("region", { name: "demo asks" })
      await card.getByRole("button", { name: "yes" }).waitFor()
      await ada.page.reload()
      await card.getByText("people: 3").waitFor()
      await bob.page.reload()
      await openConversation(bob.page, "Table")
      await bob.page.getByRole("region", { name: "demo asks" }).getByRole("button", { name: "yes" }).click()
      await card.getByText("Answered by bob").waitFor()
      expect(await card.getByRole("button").count()).toBe(0)
      await row(ada.page, "Booked: a table for 3").waitFor()
    })

    test("[ASK1] becomes a form by its schema; what does not fit is told at its place", async () => {
      const { page } = await world.signedIn("ada")
      await makeConversation(page, { title: "Trip", agent: "survey" })
      await say(page, "fields")
      const card = page.getByRole("region", { name: "survey asks" })
      await card.getByLabel("Place").selectOption("Oslo")
      await card.getByLabel("Nights").fill("0")
      await card.getByRole("button", { name: "Answer" }).click()
      await card.getByRole("alert").filter({ hasText: "nights" }).waitFor()
      await card.getByLabel("Nights").fill("3")
      await card.getByRole("button", { name: "Answer" }).click()
      await row(page, 'Got {"place":"Oslo","nights":3}').waitFor()
    })

    test("of another shape is answered as JSON", async () => {
      const { page } = await world.signedIn("ada")
      await makeConversation(page, { title: "List", agent: "survey" })
      await say(page, "list")
      const card = page.getByRole("region", { name: "survey asks" })
      await card.getByLabel("Answer as JSON").fill("[1, 2")
      await card.getByRole("button", { name: "Answer", exact: true }).click()
      await card.getByText("That is not JSON.").waitFor()
      await card.getByLabel("Answer as JSON").fill("[1, 2]")
      await card.getByRole("button", { name: "Answer", exact: true }).click()
      await row(page, "Got [1,2]").waitFor()
    })

    test("says how long it is open, and what is taken then", async () => {
      const { page } = await world.signedIn("ada")
      await makeConversation(page, { title: "Quick", agent: "survey" })
      await say(page, "expiring")
      const card = page.getByRole("region", { name: "survey asks" })
      await card.getByText(/Expires in (?:10:00|9:5\d)/).waitFor()
      await card.getByText("then: false").waitFor()
      await card.getByRole("button", { name: "Yes" }).click()
      await row(page, "Got true").waitFor()
    })
  })
})
