// Takes the pictures of docs/images: node packages/web/build/screenshots.mjs [address of a server with the demo agent]
// It needs a Chromium (CHROMIUM, or /usr/bin/chromium), and leaves three conversations on the server.
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"

const url = process.argv[2] ?? "http://127.0.0.1:8765"
const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url))
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium"
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

const all = ["desktop", "phone"].flatMap((size) => ["light", "dark"].map((colours) => [size, colours]))

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })

const en = {
  locale: "en",
  ...{ name: "Your name", start: "Start", make: "New conversation", title: "Title", people: "People", agent: "Agent" },
  ...{ create: "Create", message: "Message", log: "Messages", approve: "Yes", asks: "Do you approve this?" },
}
const zh = {
  locale: "zh-CN",
  ...{ name: "你的名字", start: "开始", make: "新建对话", title: "标题", people: "成员", agent: "智能体" },
  ...{ create: "创建", message: "消息", log: "消息", approve: "同意", asks: "您同意吗？" },
}

async function signedIn(name, { texts = en, ...options }) {
  const context = await browser.newContext({ locale: texts.locale, reducedMotion: "reduce", ...options })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel(texts.name).fill(name)
  await page.getByRole("button", { name: texts.start }).click()
  return page
}

async function make(page, { title, people, texts = en }) {
  await page.getByRole("button", { name: texts.make }).click()
  await page.getByLabel(texts.title).fill(title)
  await page.getByLabel(texts.people).fill(people)
  await page.getByLabel(texts.agent).selectOption("demo")
  await page.getByRole("button", { name: texts.create }).click()
  await page.getByRole("heading", { name: title }).waitFor()
}

async function say(page, { text, until, texts = en }) {
  await page.getByRole("textbox", { name: texts.message, exact: true }).fill(text)
  await page.keyboard.press("Enter")
  await page.getByRole("region", { name: texts.log }).getByText(until).last().waitFor()
}

/** @param {object} what who sees which conversation, and the names of the files: the size and the colours. */
async function take({ who, place, name, pictures, texts = en }) {
  for (const [size, colorScheme] of pictures) {
    const page = await signedIn(who, { texts, viewport: sizes[size], colorScheme })
    await page.goto(place)
    await page.getByRole("button", { name: texts.approve, exact: true }).waitFor()
    await page.screenshot({ path: `${folder}${name}-${size}-${colorScheme}.png` })
    await page.context().close()
  }
}

const ada = await signedIn("ada", { viewport: sizes.desktop })
const bob = await signedIn("bob", { viewport: sizes.desktop })
await make(bob, { title: "Release notes", people: "ada" })
await say(bob, { text: "what is 365*24", until: "The result: 8760" })
await make(ada, { title: "Weekend in Lisbon", people: "bob" })
const place = ada.url()
await bob.goto(place)
await bob.reload()
await say(bob, { text: "Trains are *cheap* on Friday. what is 4*85+120", until: "The result: 460" })
await say(ada, { text: "Perfect. Now book a table for 4 tomorrow at noon, please", until: en.asks })
await bob.getByLabel("Message", { exact: true }).pressSequentially("I would say", { delay: 20 })
await bob.close()
await take({ who: "ada", place, name: "web", pictures: all })

const ming = await signedIn("小明", { texts: zh, viewport: sizes.desktop })
await make(ming, { title: "周末去里斯本", people: "小红", texts: zh })
await say(ming, { text: "周五的火车票*很便宜*。4*85+120 是多少", until: "结果是：460", texts: zh })
await say(ming, { text: "好极了。请订明天中午12点的位子，4人", until: zh.asks, texts: zh })
await take({ who: "小明", place: ming.url(), name: "web-zh", pictures: [all[0], all[3]], texts: zh })
await browser.close()
