/** The page in a browser: what it says, that it asks nobody for anything, and that nothing in it becomes markup. */
import { readFileSync } from "node:fs"
import type { Browser, BrowserContextOptions, Page } from "playwright-core"
import { problems } from "../../../web/test/support/axe.ts"
import { hasChromium, launchChromium } from "../../../web/test/support/chromium.ts"
import type { RecordLine } from "../../src/record/record.ts"
import { madeRecord } from "./made-record.ts"
import { removeFolders, written } from "./written.ts"

const findings = [
  { law: "acked", conversation: "talk-k3f9a2xq", device: "bob/device-3", what: "12-n11 was acknowledged and is gone" },
  { law: "converge", conversation: "talk-p81mzz0c", what: "ada/device-1 ends at 30-n29, cyd/device-4 at 28-n27" },
]
const hostile = `</script><script>window.isHarmed = true</script><img src=x onerror="window.isHarmed = true"> <!-- <script>`

describe.skipIf(!hasChromium)("the page", () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser.close()
    removeFolders()
  })

  interface Opened {
    readonly page: Page
    /** What the browser complained of. */
    readonly complaints: string[]
    /** Addresses that were asked for. */
    readonly asked: string[]
  }

  async function opened(lines: readonly RecordLine[], options: BrowserContextOptions = {}): Promise<Opened> {
    const context = await browser.newContext({ locale: "en-GB", ...options })
    const page = await context.newPage()
    const [complaints, asked]: [string[], string[]] = [[], []]
    page.on("pageerror", (error) => complaints.push(String(error)))
    page.on("console", (message) => complaints.push(message.text()))
    page.on("request", (request) => asked.push(request.url()))
    await page.goto(`file://${await written(lines)}`)
    await page.waitForSelector("main")
    return { page, complaints, asked }
  }

  const looks: readonly [string, BrowserContextOptions][] = [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["phone", { viewport: { width: 390, height: 844 } }],
    ["Chinese", { locale: "zh-CN" }],
  ]

  test.each(looks)("axe finds nothing, without violations and with them: %s", async (_name, options) => {
    for (const found of [[], findings]) {
      const { page, complaints, asked } = await opened(madeRecord({ seconds: 20, findings: found }), options)
      expect(await problems(page)).toEqual([])
      expect(complaints).toEqual([])
      expect(asked.filter((url) => !url.startsWith("file:"))).toEqual([])
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
    }
  })

  test("says what it came to, and how to play it again", async () => {
    const { page } = await opened(madeRecord())
    await page.getByText("0 violations").waitFor()
    await page.getByText("npm run chaos -- --store redis --seconds 60 --seed 7").waitFor()
    await page.getByText("there is no Sentinel that would make another one").waitFor()
    expect(await page.title()).toContain("0 violations")
  })

  test("of a run that was cut off it does not say that nothing is wrong", async () => {
    const { page } = await opened(madeRecord().filter(({ type }) => type !== "end"))
    await page.getByText("The record has no end").waitFor()
    expect(await page.getByText("0 violations").count()).toBe(0)
    expect(await page.title()).not.toContain("0 violations")
  })

  test("lists violations with the log around them, before the charts", async () => {
    const { page } = await opened(madeRecord({ findings }))
    await page.getByText("2 violations").waitFor()
    expect(await page.locator("details.finding").count()).toBe(2)
    expect(await page.locator("tr.named").first().textContent()).toContain("12-n11")
    expect(await page.locator("h2").allTextContents()).toEqual([
      "Figures",
      "Violations",
      "What happened when",
      "Faults",
      "What may befall it",
    ])
  })

  test("switches to Chinese and back", async () => {
    const { page } = await opened(madeRecord())
    await page.getByRole("button", { name: "中文" }).click()
    await page.getByText("0 处违规").waitFor()
    expect(await page.getAttribute("html", "lang")).toBe("zh")
    await page.getByRole("button", { name: "English" }).click()
    await page.getByText("0 violations").waitFor()
  })

  test("shows another part by keys, by buttons and by a fault of the table", async () => {
    const { page } = await opened(madeRecord())
    const part = page.locator(".part")
    const all = (await part.textContent()) ?? ""
    await page.locator("canvas.plot").first().press("+")
    await expect.poll(() => part.textContent()).not.toBe(all)
    await page.getByRole("button", { name: "All" }).click()
    await expect.poll(() => part.textContent()).toBe(all)
    await page.locator("table.faults button").first().click()
    await expect.poll(() => part.textContent()).not.toBe(all)
  })

  test("says what is under the pointer", async () => {
    const { page } = await opened(madeRecord())
    await page
      .locator("canvas.plot")
      .nth(2)
      .hover({ position: { x: 600, y: 60 } })
    await page.locator(".tooltip", { hasText: "a second" }).waitFor()
  })

  test("what people wrote and named is text, wherever it is shown", async () => {
    const record = madeRecord({
      seconds: 20,
      text: hostile,
      findings: [{ law: hostile, conversation: "talk-k3f9a2xq", device: hostile, what: hostile }],
    })
    const lines = record.map((line): RecordLine => {
      if (line.type === "run")
        return {
          ...line,
          command: hostile,
          nodes: [hostile],
          leftOut: [{ name: hostile, why: hostile }],
          nemeses: [{ name: hostile, about: hostile }],
        }
      if (line.type === "fault") return { ...line, nemesis: hostile, target: hostile, what: hostile }
      if (line.type === "operation") return { ...line, code: hostile, device: hostile, node: hostile }
      return line
    })
    const { page, complaints } = await opened(lines)
    await page
      .locator("canvas.plot")
      .first()
      .hover({ position: { x: 400, y: 40 } })
    await page.locator(".tooltip").waitFor()
    expect(await page.evaluate(() => "isHarmed" in window)).toBe(false)
    expect(await page.locator("img").count()).toBe(0)
    expect(await page.locator(".what").first().textContent()).toBe(hostile)
    expect(complaints).toEqual([])
  })
})

test("a page is one file with a policy that lets nothing in, and there are as many scripts in it as we put there", async () => {
  const html = readFileSync(
    await written(madeRecord({ seconds: 10, text: hostile, findings: [{ ...findings[0], what: hostile } as never] })),
    "utf8",
  )
  expect(html).toContain(`default-src 'none'; script-src 'sha256-`)
  expect(html.match(/<script/g)).toHaveLength(2)
  expect(html).not.toContain("https://")
})
