/**
 * Every state of the app in English and Chinese, on a desk and on a phone, in every look: nothing that axe finds, and nothing to
 * the side of the screen. `access.test.ts` walks through the usual ones at more leisure.
 */
import { en } from "../../src/i18n/en.ts"
import { zh } from "../../src/i18n/zh.ts"
import { hasChromium } from "../support/chromium.ts"
import { Walk } from "../support/walk.ts"
import { World } from "../support/world.ts"

const languages = [
  { texts: en, locale: "en", title: "Everything at once", sum: "what is 2+3*4", booking: "book a table for 3" },
  {
    texts: zh,
    locale: "zh-CN",
    title: "一个什么都有的对话，标题长得手机上放不下",
    sum: "2+3*4 是多少",
    booking: "订一张3人桌",
  },
] as const
type Language = (typeof languages)[number]

const long = "a line of code that is wider than any phone that fits into a hand; ".repeat(3)
const markdown = `a **bold** [link](https://example.org)\n\n\`\`\`\n${long}\n\`\`\`\n\n| ${long} | b |\n|---|---|\n| c | d |`

describe.runIf(hasChromium)("every state", () => {
  let world: World
  beforeAll(async () => {
    world = await World.open()
  })
  afterEach(() => world.closePeople())
  afterAll(() => world?.close())

  test.each(languages)(
    "is in nobody's way and on the screen, in $texts.language",
    async (language) => {
      const { page } = await world.person({ locale: language.locale, reducedMotion: "reduce" })
      const walk = new Walk(page, language.texts)
      await comeIn(walk, `ada-${language.locale}`)
      await talkToTheDemo(walk, language)
      await lookBehindIt(walk)
      await answerASurvey(walk, language)
      await lookAround(walk)
      await loseTheServer(walk, language)
      expect(walk.found).toEqual([])
    },
    240_000,
  )

  async function comeIn(walk: Walk, name: string): Promise<void> {
    const { page, texts } = walk
    // What only developers see is looked at, too.
    await page.addInitScript(() => localStorage.setItem("everthread.developer", "shown"))
    await page.goto(world.url)
    await page.getByLabel(texts.signIn.name).fill(name)
    await walk.look("coming in")
    await walk.button(texts.signIn.enter).click()
    await page.getByRole("navigation").getByText(texts.connection.live).waitFor()
    await walk.look("the list at first")
  }

  async function make({ page, texts }: Walk, title: string, agent: string): Promise<void> {
    await page.getByRole("button", { name: texts.list.new }).click()
    const dialog = page.getByRole("dialog", { name: texts.make.title })
    await dialog.getByLabel(texts.make.name).fill(title)
    await dialog.getByLabel(texts.make.members).fill("bob")
    await dialog.getByLabel(texts.make.agent).selectOption(agent)
    await dialog.getByRole("button", { name: texts.make.create }).click()
    await page.getByRole("heading", { name: title }).waitFor()
    await page.getByRole("main").getByText(texts.connection.live).waitFor()
  }

  async function talkToTheDemo(walk: Walk, { texts, title, sum, booking }: Language): Promise<void> {
    await walk.lookInto("dialog", "making one", () => walk.button(texts.list.new).click())
    await make(walk, title, "demo")
    await walk.look("an empty conversation")
    await walk.say(sum)
    await walk.log.locator(".prose").getByText(/14$/).waitFor()
    await walk.log.locator("summary").click()
    await walk.say(booking)
    await walk.button(/^(?:Yes|同意)$/).waitFor()
    await walk.look("an approval")
  }

  async function lookBehindIt(walk: Walk): Promise<void> {
    const { texts } = walk
    await walk.lookInto("menu", "a message's menu", () =>
      walk.button(texts.message.actions).first().click({ force: true }),
    )
    await walk.lookInto("dialog", "people", () => walk.button(texts.members.open(2)).click())
    await walk.lookInto("dialog", "checkpoints", async () => {
      await walk.button(texts.checkpoints.open).click()
      await walk.button(texts.checkpoints.state).first().click()
      await walk.page.getByRole("dialog").getByText('"messages"').waitFor()
    })
  }

  async function answerASurvey(walk: Walk, { texts, title }: Language): Promise<void> {
    await make(walk, `${title} 2`, "survey")
    await walk.say("nonsense")
    await walk.log.getByText(texts.run.failed("survey", "")).waitFor()
    await walk.say("fields")
    await walk.log.getByRole("button", { name: texts.question.send }).waitFor()
    await walk.say("list")
    await walk.say("expiring")
    await walk.button(texts.run.lineUp(2)).click()
    await walk.page.getByRole("list", { name: texts.run.queue }).waitFor()
    await walk.look("a failure, a form and a queue")
    await walk.lookInto("menu", "what to do meanwhile", () => walk.button(new RegExp(texts.compose.whenBusy)).click())
  }

  async function lookAround(walk: Walk): Promise<void> {
    const { page, texts } = walk
    await walk.lookInto("dialog", "going somewhere", async () => {
      await page.keyboard.press("Control+k")
      await page.getByRole("option").first().waitFor()
    })
    await page.goto(`${world.url}/#/`)
    await page.getByText(texts.list.choose).waitFor()
    await walk.look("a list with conversations")
    await walk.lookInto("menu", "settings", () => walk.button(texts.settings.label).click())
    await page.goto(`${world.url}/#/c/nowhere`)
    await page.getByText(texts.chat.notMember).waitFor()
    await walk.look("a conversation of others")
  }

  async function loseTheServer(walk: Walk, { texts, title }: Language): Promise<void> {
    const { page } = walk
    await make(walk, `${title} 3`, "")
    const say = async (text: string) => {
      await page.getByRole("textbox", { name: texts.compose.label, exact: true }).fill(text)
      await page.keyboard.press("Enter")
    }
    await say(markdown)
    await walk.log.getByText("bold").waitFor()
    await world.stop()
    await page.getByRole("navigation").getByText(texts.connection.offline).waitFor()
    // What waits has every colour that what is stored has, a link's, too.
    await say("from [the tunnel](https://example.org)")
    await walk.log.getByText(texts.message.queued).last().waitFor()
    await walk.look("offline, with what is too wide")
    await world.start()
  }
})
