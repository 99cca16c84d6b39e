/** LangChain's hook on our own client, against real nodes: what people see, and what they do not notice. */
import { WebSocket } from "ws"
import { claimNext, fresh } from "../../../server/test/langgraph/support/nodes.ts"
import { twoNodes } from "../../../server/test/nodes/two-nodes.ts"
import { SimulatedRun } from "../../../server/test/simple/support/simulated-agent.ts"
import { type Client, createClient, socketsOf } from "../../src/index.ts"
import { HookPage } from "./hook.ts"

const nodes = twoNodes({ agents: ["scribe"] })
const clients: Client[] = []
const pages: HookPage[] = []

afterEach(() => {
  for (const page of pages.splice(0)) page.close()
  for (const client of clients.splice(0)) client.close()
})

/** @param reach where its connections lead from now on. */
function clientOf(user: string, reach: () => number = () => nodes().a.port): Client {
  const socket: ReturnType<typeof socketsOf> = (_url, handlers) =>
    socketsOf(WebSocket)(`ws://127.0.0.1:${reach()}/v1`, handlers)
  const client = createClient({ url: "ws://here/v1", user, device: "laptop", socket })
  clients.push(client)
  return client
}

async function open(client: Client, thread: string | null, assistant?: string): Promise<HookPage> {
  const page = await HookPage.open(client, thread, assistant)
  pages.push(page)
  return page
}

const words = (count: number) => Array.from({ length: count }, (_, at) => `word${at} `)

test("[LGR8] a page begins a thread, shows the answer as it comes, and is done", async () => {
  const page = await open(clientOf("ada"), fresh())
  await page.settled()
  const submitted = page.submit("Tell me a story")
  await page.until(({ texts, stream }) => texts.length === 1 && stream.isLoading)
  const run = await claimNext(nodes().a, page.stream.threadId ?? "")
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Once ")
  await page.until(({ texts }) => texts[1] === "Once ")
  await run.say(`${run.run}.0`, 5, "upon a time")
  await run.finish(`${run.run}.0`, "Once upon a time")
  await run.end()
  await submitted
  await page.settled()
  expect(page.texts).toEqual(["Tell me a story", "Once upon a time"])
  expect(page.stream.error).toBeUndefined()
})

test("[LGR8] [NOD1] [FRM2] a page that is cut off in the middle of an answer goes on at the word where it was, on another node", async () => {
  const thread = fresh()
  let reached = nodes().a.port
  const client = clientOf("ada", () => reached)
  const page = await open(client, thread)
  await page.settled()
  const submitted = page.submit("Tell me")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  const all = words(30)
  let at = 0
  const say = async (pieces: readonly string[]) => {
    for (const piece of pieces) {
      await run.say(`${run.run}.0`, at, piece)
      at += piece.length
    }
  }
  await say(all.slice(0, 10))
  await page.until(({ texts }) => texts[1] === all.slice(0, 10).join(""))
  reached = nodes().b.port
  client.drop()
  // Said while the page is away.
  await say(all.slice(10, 20))
  await page.until(({ texts }) => texts[1] === all.slice(0, 20).join(""))
  await say(all.slice(20))
  await run.finish(`${run.run}.0`, all.join(""))
  await run.end()
  await submitted
  await page.settled()
  expect(page.texts).toEqual(["Tell me", all.join("")])
  // What was shown only grew: no word was shown twice, or taken back, on the way.
  const shown = page.rendered.map(([, answer = ""]) => answer)
  for (const [index, text] of shown.entries()) expect(text.startsWith(shown[index - 1] ?? "")).toBe(true)
})

test("[LGR8] [ACK3] what is written while there is no connection is sent when there is one, once", async () => {
  const thread = fresh()
  let reached = nodes().a.port
  const client = clientOf("ada", () => reached)
  const page = await open(client, thread)
  await page.settled()
  const first = page.submit("One")
  const one = await claimNext(nodes().a, thread)
  await one.answer(`${one.run}.0`, "Uno")
  await one.end()
  await first
  await page.settled()
  // Nobody listens there.
  reached = 1
  client.drop()
  const second = page.submit("Two")
  await page.until(({ texts }) => texts[2] === "Two")
  reached = nodes().b.port
  client.wake()
  const two = await claimNext(nodes().b, thread)
  await two.answer(`${two.run}.0`, "Due")
  await two.end()
  await second
  await page.settled()
  expect(page.texts).toEqual(["One", "Uno", "Two", "Due"])
})

test("[LGR8] a page that only watches sees what others say and start, and one that comes late sees it from the beginning", async () => {
  const thread = fresh()
  const ada = clientOf("ada")
  await ada.create({ conversation: thread, agent: "scribe" })
  const watching = await open(clientOf("bob"), thread)
  await watching.settled()
  await ada.conversation(thread).send("Hello")
  await watching.until(({ texts }) => texts[0] === "Hello")
  const run = await SimulatedRun.claim(nodes().a.engine, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Good ")
  await watching.until(({ texts, stream }) => texts[1] === "Good " && stream.isLoading)
  const late = await open(clientOf("cleo"), thread)
  await late.until(({ texts }) => texts[1] === "Good ")
  await run.say(`${run.run}.0`, 5, "morning")
  for (const page of [watching, late]) await page.until(({ texts }) => texts[1] === "Good morning")
  await run.finish(`${run.run}.0`, "Good morning")
  await run.end()
  for (const page of [watching, late]) {
    await page.settled()
    expect(page.texts).toEqual(["Hello", "Good morning"])
  }
})

test("[LGR7] [LGR8] a page drops what a takeover takes back", async () => {
  const thread = fresh()
  const page = await open(clientOf("ada"), thread)
  await page.settled()
  void page.submit("Hello")
  const dead = await claimNext(nodes().a, thread)
  await dead.begin(`${dead.run}.0`)
  await dead.say(`${dead.run}.0`, 0, "Half an ans")
  await page.until(({ texts }) => texts[1] === "Half an ans")
  const alive = await SimulatedRun.claim(nodes().a.engine, thread, 2)
  await alive.rewind(2, `${alive.run}.0`)
  await page.until(({ texts }) => texts.length === 1)
  await alive.answer(`${alive.run}.1`, "A whole answer")
  await alive.end()
  await page.settled()
  expect(page.texts).toEqual(["Hello", "A whole answer"])
})

test("[LGR5] [LGR8] a page is asked and answers; a second answer is told who was first", async () => {
  const thread = fresh()
  const ada = clientOf("ada")
  await ada.create({ conversation: thread, agent: "scribe" })
  const [page, late] = [await open(clientOf("bob"), thread), await open(clientOf("cleo"), thread)]
  for (const one of [page, late]) await one.settled()
  await ada.conversation(thread).send("May you?")
  const run = await SimulatedRun.claim(nodes().a.engine, thread)
  const time = 1_790_000_000_000
  const interrupt = `${run.run}-q`
  await run.append({ type: "input.requested", time, run: run.run, interrupt, value: { ask: "Sure?" } })
  await run.append({ type: "run.waiting", time, run: run.run })
  for (const one of [page, late]) await one.until(({ stream }) => stream.interrupts.length === 1 && !stream.isLoading)
  expect(page.stream.interrupts[0]).toMatchObject({ id: interrupt, value: { ask: "Sure?" } })
  await page.stream.respond({ sure: true })
  await expect(late.stream.respond({ sure: false }, { interruptId: interrupt })).rejects.toThrow("bob")
  await run.append({ type: "run.attempt", time, run: run.run, attempt: 2, node: "node-1" })
  await run.answer(`${run.run}.0`, "Then I may")
  await run.end()
  await page.until(({ texts }) => texts[1] === "Then I may")
  await page.settled()
  expect(page.stream.interrupts).toEqual([])
})

test("[LGR8] a page stops the run for everybody; nothing of it goes over HTTP", async () => {
  const thread = fresh()
  const page = await open(clientOf("ada"), thread)
  await page.settled()
  void page.submit("Go on")
  const run = await claimNext(nodes().a, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "And on")
  await page.until(({ texts }) => texts[1] === "And on")
  const bob = clientOf("bob")
  await bob.join(thread)
  const seen = bob.conversation(thread)
  await page.stream.stop()
  await vi.waitUntil(() => seen.snapshot().state.runs.some(({ stopBy }) => stopBy?.user === "ada"), 30_000)
  await run.end("stopped")
  await page.settled()
  expect(page.texts).toEqual(["Go on", "And on"])
})

test("[LGR8] a page that goes to another thread shows that one alone, and follows the first no more", async () => {
  const [first, second] = [fresh(), fresh()]
  const ada = clientOf("ada")
  for (const thread of [first, second]) {
    await ada.create({ conversation: thread, agent: "scribe" })
    await ada.conversation(thread).send(`of ${thread}`)
    const run = await claimNext(nodes().a, thread)
    await run.answer(`${run.run}.0`, `about ${thread}`)
    await run.end()
  }
  const bob = clientOf("bob")
  const page = await open(bob, first)
  await page.until(({ texts }) => texts.length === 2)
  page.goTo(second)
  await page.until(({ texts }) => texts[1] === `about ${second}`)
  await page.settled()
  expect(page.texts).toEqual([`of ${second}`, `about ${second}`])
  await vi.waitUntil(() => bob.followed(first) === undefined, 30_000)
  page.close()
  await vi.waitUntil(() => bob.followed(second) === undefined, 30_000)
})

test("[LGR8] a page without a thread makes one with its first message", async () => {
  const page = await open(clientOf("ada"), null)
  await page.settled()
  void page.submit("Hello")
  await page.until(({ stream, texts }) => stream.threadId !== null && texts[0] === "Hello")
  const thread = page.stream.threadId ?? ""
  const run = await claimNext(nodes().a, thread)
  await run.answer(`${run.run}.0`, "Hi")
  await run.end()
  await page.until(({ texts }) => texts[1] === "Hi")
  await page.settled()
})

test("[LGR8] what the server refuses is an error of the page with the server's words", async () => {
  const page = await open(clientOf("ada"), fresh(), "nobody")
  await page.settled()
  await page.submit("Hello")
  await page.until(({ stream }) => stream.error !== undefined)
  expect(String((page.stream.error as Error).message)).toContain("nobody")
})
