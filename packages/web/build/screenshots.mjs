// Takes the pictures of docs/images: node packages/web/build/screenshots.mjs [address of a server with the demo agent]
// It needs a Chromium (CHROMIUM, or /usr/bin/chromium), and leaves two conversations of Ada and Bob on the server.
import { fileURLToPath } from "node:url"
import { chromium } from "playwright-core"

const url = process.argv[2] ?? "http://127.0.0.1:8765"
const folder = fileURLToPath(new URL("../../../docs/images/", import.meta.url))
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium"
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] })

async function signedIn(name, options) {
  const context = await browser.newContext({ locale: "en", reducedMotion: "reduce", ...options })
  const page = await context.newPage()
  await page.goto(url)
  await page.getByLabel("Your name").fill(name)
  await page.getByRole("button", { name: "Start" }).click()
  return page
}

async function make(page, title, people) {
  await page.getByRole("button", { name: "New conversation" }).click()
  await page.getByLabel("Title").fill(title)
  await page.getByLabel("People").fill(people)
  await page.getByRole("button", { name: "Create" }).click()
  await page.getByRole("heading", { name: title }).waitFor()
}

async function say(page, text, until) {
  await page.getByLabel("Message", { exact: true }).fill(text)
  await page.keyboard.press("Enter")
  await page.getByRole("region", { name: "Messages" }).getByText(until).last().waitFor()
}

const ada = await signedIn("ada", { viewport: sizes.desktop })
const bob = await signedIn("bob", { viewport: sizes.desktop })
await make(bob, "Release notes", "ada")
await say(bob, "what is 365*24", "The result: 8760")
await make(ada, "Weekend in Lisbon", "bob")
const place = ada.url()
await bob.goto(place)
await bob.reload()
await say(bob, "Trains are *cheap* on Friday. what is 4*85+120", "The result: 460")
await say(ada, "Perfect. Now book a table for 4 tomorrow at noon, please", "Do you approve this?")
await bob.getByLabel("Message", { exact: true }).pressSequentially("I would say", { delay: 20 })
await bob.close()

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ["light", "dark"]) {
    const page = await signedIn("ada", { viewport, colorScheme })
    await page.goto(place)
    await page.getByRole("button", { name: "yes" }).waitFor()
    await page.screenshot({ path: `${folder}web-${size}-${colorScheme}.png` })
    await page.context().close()
  }
}
await browser.close()
