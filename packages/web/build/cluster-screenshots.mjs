// Takes the pictures of docs/dev.md: node packages/web/build/cluster-screenshots.mjs [address of everthread dev --nodes 3]
// It needs a Chromium (CHROMIUM, or /usr/bin/chromium), leaves a conversation of Ada on the server, and kills one node.
// Give the demo agent time: EVERTHREAD_DEMO_WORD_DELAY_MS=150
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"

const url = process.argv[2] ?? "http://127.0.0.1:8765"
const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url))
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium"

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })

async function signedIn(options) {
  const context = await browser.newContext({ locale: "en", reducedMotion: "reduce", ...options })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel("Your name").fill("ada")
  await page.getByRole("button", { name: "Start" }).click()
  return page
}

const page = await signedIn({ viewport: { width: 1280, height: 800 } })
await page.getByRole("button", { name: "New conversation" }).click()
await page.getByLabel("Title").fill("A story")
await page.getByLabel("Agent").selectOption("demo")
await page.getByRole("button", { name: "Create" }).click()
await page.getByLabel("Message", { exact: true }).fill("tell me a story")
await page.keyboard.press("Enter")
const panel = page.getByRole("complementary", { name: "Cluster" })
const working = await panel.getByText(/demo is working on node-\d/).innerText()
const owner = /node-\d/.exec(working)?.[0]
await page.getByRole("region", { name: "Messages" }).getByText("waited exactly").waitFor()
await panel.getByRole("button", { name: `Kill ${owner}` }).click()
await panel.getByText(/demo is recovering on node-\d/).waitFor()
await page.mouse.move(0, 0)
const phone = await signedIn({ viewport: { width: 390, height: 844 }, colorScheme: "dark" })
await phone.goto(page.url())
await page.getByRole("region", { name: "Messages" }).getByText("many hands").waitFor()
await page.screenshot({ path: `${folder}cluster-desktop.png` })
await phone.getByRole("button", { name: "Show the cluster" }).click()
await phone.getByRole("region", { name: "Messages" }).getByText("many hands").waitFor()
await phone.screenshot({ path: `${folder}cluster-phone.png` })
await browser.close()
