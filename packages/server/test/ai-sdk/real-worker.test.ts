/** The AI SDK's chat on one side, LangGraph on the other, and the real server in a process of its own between them. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Serving, serve } from "../../../cli/test/serving.ts"
import { fresh, stage } from "./support/page.ts"

let folder: string
let serving: Serving
const { page } = stage()

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-ai-sdk-"))
  serving = serve(["--data", join(folder, "data")], {}, folder)
})
afterAll(async () => {
  serving.child.kill("SIGKILL")
  await serving.ended
  rmSync(folder, { recursive: true })
})

test("[AIS1] [AIS2] the demo agent's story is the same on the page that asked and on one that came in its middle; then anew", async () => {
  const port = Number(new URL(await serving.ready).port)
  const chat = fresh()
  const ada = await page({ port, chat, user: "ada" })
  await ada.say("tell me a story")
  await ada.until(() => (ada.texts[1]?.length ?? 0) > 0)
  const bob = await page({ port, chat, user: "bob" })
  await bob.call("resumeStream")
  await Promise.all([ada, bob].map((one) => one.until(({ finished }) => finished.length === 1)))
  expect(ada.texts[1]?.length).toBeGreaterThan(100)
  expect(bob.messages).toEqual([ada.messages[1]])
  await ada.call("regenerate")
  await ada.until(({ finished }) => finished.length === 2)
  expect(ada.shown.error).toBeUndefined()
  expect(ada.messages).toHaveLength(2)
  expect(ada.messages[1]?.id).not.toBe(bob.messages[0]?.id)
})
