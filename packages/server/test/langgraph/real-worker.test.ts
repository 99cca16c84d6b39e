/** LangChain's clients on one side, LangGraph on the other, and the real server in a process of its own between them. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { agentFile, type Serving, serve } from "../../../cli/test/serving.ts"
import { fresh, stage } from "./support/nodes.ts"

/** Stops in the middle of a story until there is a file. */
const storyteller = fileURLToPath(new URL("../../../../test/support/examples/storyteller.mjs", import.meta.url))

let folder: string
let serving: Serving
let port = 0
const { device, page } = stage(() => port)

async function begin(args: readonly string[]): Promise<void> {
  const env = { RECEIPTS: join(folder, "receipts"), EXPIRES_MS: "600000", GATE: join(folder, "gate") }
  serving = serve(["--data", join(folder, "data"), ...args], env, folder)
  port = Number(new URL(await serving.ready).port)
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "everthread-stock-"))
})
afterEach(async () => {
  serving.child.kill("SIGKILL")
  await serving.ended
  rmSync(folder, { recursive: true })
})

test("[LGR1] [LGR2] a page and a script see the demo agent's story as it is told; its checkpoints can be looked at", async () => {
  await begin([])
  const thread = fresh()
  const ada = await page({ thread, transport: "websocket", user: "ada", assistantId: "_" })
  await ada.settled()
  const submitted = ada.submit("tell me a story")
  await ada.until(({ texts }) => (texts[1]?.length ?? 0) > 0)
  const bob = device(thread, { user: "bob", transport: "sse", assistantId: "_" })
  await bob.watch()
  await submitted
  await ada.settled()
  await bob.ended()
  expect(bob.ends()).toEqual(["completed"])
  expect(bob.words().length).toBeGreaterThan(100)
  expect(ada.texts).toEqual(["tell me a story", bob.words()])
  const { client } = bob
  const [newest, ...older] = await client.threads.getHistory(thread)
  expect(newest).toMatchObject({
    next: [],
    values: { messages: [{ content: "tell me a story", id: ada.bubbles[0]?.id }, { type: "ai" }] },
  })
  const known = await client.threads.getState(thread, newest?.checkpoint.checkpoint_id ?? "")
  expect(known.values).toEqual(newest?.values)
  expect(older.length).toBeGreaterThan(0)
  const copy = await client.threads.copy(thread)
  const copied = await client.threads.getState((copy as unknown as { thread_id: string }).thread_id)
  expect((copied.values as { messages: unknown[] }).messages).toHaveLength(2)
})

test.each(["websocket", "sse"] as const)(
  "[LGR1] a page shows what a graph says while it says it, over %s",
  async (transport) => {
    await begin(["--graph", `${storyteller}:graph`])
    const ada = await page({ thread: fresh(), transport, user: "ada", assistantId: "_" })
    await ada.settled()
    const submitted = ada.submit("Tell me a story")
    // The graph says no more than this yet.
    await ada.until(({ texts }) => texts[1]?.trim().endsWith("word19") === true)
    writeFileSync(join(folder, "gate"), "")
    await submitted
    await ada.settled()
    expect(ada.texts[1]?.trim().endsWith("word39")).toBe(true)
  },
)

test.each(["websocket", "sse"] as const)(
  "[LGR5] a page answers what a graph asks, over %s; what does not fit is refused",
  async (transport) => {
    await begin(["--graph", `${agentFile("asks")}:graph`])
    const thread = fresh()
    const ada = await page({ thread, transport, user: "ada", assistantId: "_" })
    await ada.settled()
    void ada.submit("Book a table")
    await ada.until(({ stream }) => stream.interrupts.length === 1)
    expect(ada.stream.interrupts[0]?.value).toEqual({ question: "For how many?" })
    await expect(ada.stream.respond("many")).rejects.toThrow("value")
    // The client has forgotten what it was asked by now, the hook has not: so the question is named.
    await ada.stream.respond(4, { interruptId: ada.stream.interrupts[0]?.id ?? "" })
    await ada.until(({ texts }) => texts[1] === "receipt 7, people 4")
    await ada.settled()
    expect(ada.texts).toEqual(["Book a table", "receipt 7, people 4"])
    expect(ada.stream.interrupts).toEqual([])
  },
)

test.each(["websocket", "sse"] as const)(
  "[LGR3] [LGR7] [RUN3] the server is killed in the middle of an answer: the page shows one answer, over %s",
  async (transport) => {
    await begin([])
    const thread = fresh()
    const ada = await page({ thread, transport, user: "ada", assistantId: "_", reconnectDelayMs: 1_000 })
    await ada.settled()
    void ada.submit("tell me a story")
    await ada.until(({ texts }) => (texts[1]?.length ?? 0) > 20)
    serving.child.kill("SIGKILL")
    await serving.ended
    await begin(["--port", String(port)])
    await ada.until(({ texts, stream }) => texts.length === 2 && !stream.isLoading)
    const { values } = await device(thread, { user: "ada", transport: "sse" }).client.threads.getState<{
      messages: { content: string | { text: string }[] }[]
    }>(thread)
    const answer = values.messages[1]?.content
    expect(ada.texts).toEqual([
      "tell me a story",
      typeof answer === "string" ? answer : answer?.map(({ text }) => text).join(""),
    ])
    expect(values.messages).toHaveLength(2)
  },
)
