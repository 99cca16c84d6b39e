/** AG-UI's client on one side, LangGraph on the other, and the real server in a process of its own between them. */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { agentFile, type Serving, serve } from "../../../cli/test/serving.ts"
import { devicesOf, fresh } from "./support/nodes.ts"

let folder: string
let serving: Serving
let port = 0
const device = devicesOf(() => port)

async function begin(args: readonly string[]): Promise<void> {
  const env = { RECEIPTS: join(folder, "receipts"), EXPIRES_MS: "600000" }
  serving = serve(["--data", join(folder, "data"), ...args], env, folder)
  port = Number(new URL(await serving.ready).port)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-ag-ui-"))
})
afterEach(async () => {
  serving.child.kill("SIGKILL")
  await serving.ended
  rmSync(folder, { recursive: true })
})

test("[AGU1] [AGU5] the demo agent's story, as it is told, on the page that asked and on one that is connected", async () => {
  await begin([])
  const thread = fresh()
  const [ada, bob] = [device(thread, { user: "ada" }), device(thread, { user: "bob" })]
  void bob.connect()
  await bob.until(() => bob.ends.length === 1)
  await ada.say("tell me a story", "m-1")
  await bob.until(() => bob.ends.length === 3)
  expect(ada.words).toHaveLength(1)
  expect(ada.words[0]?.length).toBeGreaterThan(100)
  expect(bob.words).toEqual(ada.words)
  expect(ada.shown.length).toBeGreaterThan(3)
})

test("[AGU6] a page answers what a graph asks; what does not fit is refused", async () => {
  await begin(["--graph", `${agentFile("asks")}:graph`])
  const ada = device(fresh(), { user: "ada" })
  await ada.say("Book a table", "m-1")
  const [asked] = ada.agent.pendingInterrupts
  expect(asked).toMatchObject({ message: "For how many?", responseSchema: expect.any(Object) })
  const resume = (payload: unknown) => [{ interruptId: asked?.id ?? "", status: "resolved" as const, payload }]
  const refused = vi.spyOn(console, "error").mockImplementation(() => undefined)
  await expect(ada.agent.runAgent({ resume: resume("many") })).rejects.toMatchObject({
    status: 422,
    payload: { field: expect.stringContaining("resume.0.payload") },
  })
  refused.mockRestore()
  await ada.agent.runAgent({ resume: resume(4) })
  expect(ada.words.at(-1)).toBe("receipt 7, people 4")
  expect(ada.agent.pendingInterrupts).toEqual([])
})

test("[AGU4] [AGU2] [RUN3] the server is killed in the middle of an answer: asked again, the page shows one answer", async () => {
  await begin([])
  const ada = device(fresh(), { user: "ada" })
  const broken = ada.say("tell me a story", "m-1").catch(() => undefined)
  await ada.until(() => (ada.words[0]?.length ?? 0) > 20)
  const silent = vi.spyOn(console, "error").mockImplementation(() => undefined)
  serving.child.kill("SIGKILL")
  await serving.ended
  await broken
  silent.mockRestore()
  await begin(["--port", String(port)])
  await ada.agent.runAgent()
  expect(ada.ends.at(-1)).toBe("success")
  expect(ada.words).toHaveLength(1)
  const late = device(ada.agent.threadId, { user: "ada" })
  void late.connect()
  await late.until(() => late.words.length === 1)
  expect(late.words).toEqual(ada.words)
})
