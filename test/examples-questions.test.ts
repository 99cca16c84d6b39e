/** The examples against the demo agent, as whoever starts them for the first time finds them: it asks, and it can be stopped. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Forwarder } from "@everthread/chaos"
import type { Page } from "playwright-core"
import { type Serving, serve } from "../packages/cli/test/serving.ts"
import { hasChromium } from "../packages/web/test/support/chromium.ts"
import type { ShownPage } from "./support/examples/shown.ts"
import { pointed } from "./support/examples/site.ts"
import { Visitors } from "./support/examples/visitors.ts"

/** A machine that is busy with other tests is slow, and nothing is wrong with that. */
const waiting = { timeout: 60_000, interval: 50 }

/** A port that nothing listens on. */
const nobody = 1

describe.runIf(hasChromium)("an agent that asks", () => {
  let folder: string
  let serving: Serving
  let port: number
  let visitors: Visitors

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "everthread-examples-"))
    serving = serve([], { EVERTHREAD_DEMO_WORD_DELAY_MS: "20" }, folder)
    port = Number(new URL(await serving.ready).port)
    visitors = await Visitors.start()
  }, 120_000)
  afterEach(async () => {
    expect(visitors.complaints).toEqual([])
    await visitors.leave()
  })
  afterAll(async () => {
    await visitors?.stop()
    serving.child.kill("SIGKILL")
    await serving.ended
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (example: string, path: string) => visitors.open(example, port, path)
  const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true })

  async function shows({ page }: ShownPage, words: string): Promise<void> {
    await page.getByRole("list").getByText(words).first().waitFor()
  }

  async function isGone(page: Page, name: string): Promise<void> {
    await expect.poll(() => button(page, name).count(), waiting).toBe(0)
  }

  test.each([
    ["index.html", "Approve", "Booked: a table"],
    ["shared.html", "Approve", "Booked: a table"],
    ["index.html", "Deny", "declined"],
  ])(
    "[AIS4] a useChat page, %s, shows what the agent asks, and its %s is an answer",
    async (page, answer, outcome) => {
      const chat = await open("use-chat", `${page}?conversation=table-${answer}-${page.at(0)}`)
      await chat.say("Please book a table for four")
      await button(chat.page, answer).waitFor()
      await shows(chat, "book_table")
      expect(await chat.page.getByRole("status").innerText()).toBe("The agent waits for an answer.")
      await button(chat.page, answer).click()
      await shows(chat, outcome)
      await isGone(chat.page, answer)
      await expect.poll(() => chat.page.getByRole("status").innerText(), waiting).toBe("")
      await chat.say("What is 2+3*4?")
      await shows(chat, "14")
    },
    120_000,
  )

  test("[AIS1] what a stock useChat page writes while there is no server arrives when there is one", async () => {
    const way = await Forwarder.start(port)
    const wayPort = Number(new URL(way.url).port)
    const chat = await visitors.open("use-chat", wayPort, "?conversation=away")
    await chat.say("What is 1+1?")
    await shows(chat, "The result: 2")
    way.leadTo(nobody)
    await chat.say("What is 2+3*4?")
    await chat.page.getByRole("alert").waitFor()
    way.leadTo(port)
    await shows(chat, "The result: 14")
    expect(await chat.page.getByRole("alert").count()).toBe(0)
    await way.close()
  }, 120_000)

  test("[AIS7] a shared useChat page answers also where somebody has written after the question", async () => {
    const chat = await open("use-chat", "shared.html?conversation=after")
    const plain = await open("plain", "?conversation=after&user=bob")
    await chat.say("Please book a table for four")
    await button(plain.page, "Yes").waitFor()
    await plain.say("Shall we?")
    await shows(chat, "Shall we?")
    await button(chat.page, "Approve").click()
    await shows(plain, "book_table")
    await isGone(plain.page, "Yes")
    await shows(chat, "Booked: a table")
  }, 120_000)

  test("[AGU1] [AGU6] AG-UI's agent in a terminal shows what is asked, and what one writes then is the answer", async () => {
    const source = readFileSync(new URL("../examples/ag-ui/main.mjs", import.meta.url), "utf8")
    const script = spawn(process.execPath, ["--input-type=module", "-e", pointed(source, port)], {
      cwd: fileURLToPath(new URL("../examples/ag-ui", import.meta.url)),
      stdio: ["pipe", "pipe", "inherit"],
    })
    let out = ""
    script.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text
    })
    script.stdin.write("Please book a table for four\n")
    await vi.waitUntil(() => out.endsWith("Do you approve this?: "), waiting)
    script.stdin.end("yes\n")
    await once(script, "close")
    expect(out).toContain("book_table")
    expect(out).toContain("demo: The result: Booked: a table")
  }, 120_000)

  test("[LGR5] a useStream page's card goes when another window has answered, and comes for the next question", async () => {
    const [one, other] = [
      await open("use-stream", "?conversation=cards"),
      await open("use-stream", "?conversation=cards"),
    ]
    for (const [asking, watching] of [
      [one, other],
      [other, one],
    ] as const) {
      await asking.say("Please book a table for four")
      await button(watching.page, "Yes").waitFor()
      await button(asking.page, "Yes").click()
      await isGone(asking.page, "Yes")
      await isGone(watching.page, "Yes")
    }
    await shows(one, "book_table")
  }, 120_000)

  test("[RUN4] a useStream page stops a run that another window has begun", async () => {
    const [one, other] = [
      await open("use-stream", "?conversation=stop"),
      await open("use-stream", "?conversation=stop"),
    ]
    await one.say("Tell me a story")
    await button(other.page, "Stop").click()
    await isGone(one.page, "Stop")
    await isGone(other.page, "Stop")
    const told = await other.texts()
    await expect.poll(() => one.texts(), waiting).toEqual(told)
  }, 120_000)
})
