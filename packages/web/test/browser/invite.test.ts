/** Coming in: by a link, and back again. */
import { makeConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

describe.runIf(hasChromium)("a person who is invited", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  test("comes in by a link where nobody proves who they are", async () => {
    const ada = await world.signedIn("ada", { permissions: ["clipboard-read", "clipboard-write"] })
    await makeConversation(ada.page, { title: "Open house" })
    await ada.page.getByRole("button", { name: "1 member" }).click()
    await ada.page.getByRole("button", { name: "Copy a link that invites" }).click()
    await ada.page.getByText("Copied. Whoever opens the link may join.").waitFor()
    const link = await ada.page.evaluate(() => navigator.clipboard.readText())
    const bob = await world.signedIn("bob")
    await bob.page.goto(link)
    await bob.page.getByRole("button", { name: "Join it" }).click()
    await bob.page.getByRole("heading", { name: "Open house" }).waitFor()
    expect([...ada.complaints, ...bob.complaints]).toEqual([])
  })

  test("[CON8] sees the conversation open when it was shut, without asking", async () => {
    const [ada, bob] = [await world.signedIn("ada"), await world.signedIn("bob")]
    await makeConversation(ada.page, { title: "Door" })
    await bob.page.goto(ada.page.url())
    await bob.page.getByText("There is no such conversation, or you are not in it.").waitFor()
    await ada.page.getByRole("button", { name: "1 member" }).click()
    await ada.page.getByLabel("Add a person").fill("bob")
    await ada.page.getByRole("button", { name: "Add", exact: true }).click()
    await bob.page.getByRole("main").getByText("Live").waitFor()
    await ada.page.keyboard.press("Escape")
    await say(bob.page, "thank you")
    await row(ada.page, "thank you").waitFor()
  })
})
