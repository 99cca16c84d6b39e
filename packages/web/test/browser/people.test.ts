/** Two people in one conversation, each in a browser of their own. */

import { chooseFor, field, log, makeConversation, openConversation, row, say } from "../support/chat-page.ts"
import { hasChromium } from "../support/chromium.ts"
import { World } from "../support/world.ts"

describe.runIf(hasChromium)("two people", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  const meet = async (title: string, agent = "") => {
    const [ada, bob] = [await world.signedIn("ada"), await world.signedIn("bob")]
    await makeConversation(ada.page, { title, people: "bob", agent })
    await bob.page.reload()
    await openConversation(bob.page, title)
    return { ada: ada.page, bob: bob.page, complaints: () => [...ada.complaints, ...bob.complaints] }
  }

  test("see each other's words, typing and reading", async () => {
    const { ada, bob, complaints } = await meet("Plans")
    await field(ada).fill("Shall")
    await bob.getByText("ada is typing …").waitFor()
    await say(ada, "Shall we?")
    await row(bob, "Shall we?").waitFor()
    await ada.getByText("Seen by bob").waitFor()
    await say(bob, "Let us")
    await row(ada, "Let us").waitFor()
    expect(complaints()).toEqual([])
  })

  test("[SUB2] what somebody has not read is counted, marked, and then read", async () => {
    const { ada, bob } = await meet("Unread")
    await bob.goto(`${world.url}/#/`)
    await say(ada, "one")
    await say(ada, "two")
    await bob.getByRole("link", { name: /Unread.*2 unread/s }).waitFor()
    await openConversation(bob, "Unread")
    await log(bob).getByText("New messages").waitFor()
    await bob.getByRole("link", { name: /Unread(?!.*unread)/s }).waitFor()
    await say(bob, "three")
    await row(ada, "three").waitFor()
    // Ada looked on all the time: for her nothing is new.
    expect(await log(ada).getByText("New messages").count()).toBe(0)
  })

  test("edit with Up, react, reply, delete: each sees what the other does", async () => {
    const { ada, bob } = await meet("Changes")
    await say(ada, "helo")
    await field(ada).press("ArrowUp")
    await field(ada).fill("hello")
    await field(ada).press("Enter")
    await row(bob, "hello").getByText("edited").waitFor()
    await chooseFor(bob, "hello", "React with 👍")
    await row(ada, "hello").getByRole("button", { name: "👍 by bob" }).waitFor()
    await chooseFor(bob, "hello", "Reply")
    await say(bob, "hi there")
    await row(ada, "hi there").getByText("hello").waitFor()
    await chooseFor(ada, "hello", "Delete")
    await log(bob).getByText("This message was deleted.").first().waitFor()
    expect(await log(bob).getByText("hello", { exact: true }).count()).toBe(0)
  })

  test("[CON5] who is removed is told so, and may come back where nobody proves who they are", async () => {
    const { ada, bob } = await meet("Leaving")
    await ada.getByRole("button", { name: "2 members" }).click()
    await ada.getByRole("button", { name: "Remove bob" }).click()
    await bob.getByText("There is no such conversation, or you are not in it.").waitFor()
    await bob.getByRole("button", { name: "Join it" }).click()
    await ada.getByRole("button", { name: "Remove bob" }).waitFor()
    await bob.getByRole("heading", { name: "Leaving" }).waitFor()
  })
})
