/** The AI SDK's own `Chat` on our own client, against real nodes: what people see, and what they do not notice. */
import { WebSocket } from "ws"
import { ask, eventsIn, until } from "../../../server/test/ai-sdk/support/log.ts"
import { fresh, stage } from "../../../server/test/ai-sdk/support/page.ts"
import { claimNext } from "../../../server/test/langgraph/support/nodes.ts"
import { twoNodes } from "../../../server/test/nodes/two-nodes.ts"
import { SimulatedRun } from "../../../server/test/simple/support/simulated-agent.ts"
import { chatTransport } from "../../src/ai-sdk/index.ts"
import { createClient, socketsOf, textOf } from "../../src/index.ts"

const nodes = twoNodes({ agents: ["scribe"] })
const { page: open } = stage()

const page = (chat: string, user: string, more: object = {}) =>
  open({ port: nodes().a.port, chat, user, own: true, ...more })

test("[AIS7] a message begins the chat, and its answer is told as it is made", async () => {
  const chat = fresh()
  const ada = await page(chat, "ada")
  await ada.say("Tell me")
  const run = await claimNext(nodes().a, chat)
  await run.begin("a-1")
  await run.say("a-1", 0, "Once ")
  await ada.until(() => ada.texts[1] === "Once ")
  await run.say("a-1", 5, "upon")
  await run.finish("a-1", "Once upon")
  await run.end()
  await ada.until(({ finished }) => finished.length === 1)
  expect(ada.shown).toMatchObject({ status: "ready", finished: [{ isError: false, finishReason: "stop" }] })
  expect(ada.texts).toEqual(["Tell me", "Once upon"])
})

test("[AIS7] [NOD1] a connection that breaks in the middle of an answer, and a node that goes, are not noticed", async () => {
  const chat = fresh()
  const ada = await page(chat, "ada")
  await ada.say("Tell me")
  const run = await claimNext(nodes().b, chat)
  await run.begin("a-1")
  await run.say("a-1", 0, "Once ")
  await ada.until(() => ada.texts[1] === "Once ")
  await ada.ask("reach", { port: nodes().b.port })
  await ada.ask("drop")
  await run.say("a-1", 5, "upon ")
  await run.say("a-1", 10, "a time")
  await run.finish("a-1", "Once upon a time")
  await run.end()
  await ada.until(({ finished }) => finished.length === 1)
  expect(ada.texts).toEqual(["Tell me", "Once upon a time"])
  expect(ada.history.every(({ status }) => status !== "error")).toBe(true)
  expect(ada.shown.sockets).toBeGreaterThan(1)
  expect(await eventsIn(nodes().a.engine, chat, "run.stop")).toEqual([])
})

test("[AIS7] [AIS3] stop ends the run; resuming twice at once does not", async () => {
  const chat = fresh()
  const ada = await page(chat, "ada")
  await ada.say("Tell me")
  const run = await claimNext(nodes().a, chat)
  await run.begin("a-1")
  await run.say("a-1", 0, "Once ")
  const bob = await page(chat, "bob")
  await bob.call("resumeStream")
  await bob.until(() => bob.texts[0] === "Once ")
  await bob.call("resumeStream")
  await run.say("a-1", 5, "upon")
  await bob.until(() => bob.texts[0] === "Once upon")
  await ada.call("stop")
  const stops = await until(nodes().a.engine, chat, "run.stop")
  expect(stops).toMatchObject([{ run: run.run, by: { user: "ada" } }])
  await run.end("stopped")
  await bob.until(({ finished }) => finished.some(({ finishReason }) => finishReason === "interrupted"))
})

test("[AIS7] [AIS4] a question is answered once, and whoever is late is told", async () => {
  const chat = fresh()
  const [ada, bob] = [
    await page(chat, "ada", { automatically: "approvals" }),
    await page(chat, "bob", { automatically: "approvals" }),
  ]
  await ada.say("Do it")
  const run = await claimNext(nodes().a, chat)
  await run.callTool("a-1")
  await ask(run, `${chat}-q`, "May I?")
  await ada.until(({ finished }) => finished.length === 1)
  await bob.done("resumeStream")
  await ada.call("addToolApprovalResponse", { id: `${chat}-q`, approved: true })
  await until(nodes().a.engine, chat, "input.responded")
  await bob.call("addToolApprovalResponse", { id: `${chat}-q`, approved: false })
  await bob.until(({ error }) => error !== undefined)
  expect(bob.shown.error).toBe("Already answered by ada; the first answer counts.")
  const goesOn = await SimulatedRun.claim(nodes().a.engine, chat, 2)
  await goesOn.answer("a-2", "Done.")
  await goesOn.end()
  await ada.until(({ finished }) => finished.length === 2)
  expect(ada.texts).toEqual(["Do it", "Done."])
})

test("[AIS7] [AIS4] what others have written since the question is not taken for the answer", async () => {
  const chat = fresh()
  const ada = await page(chat, "ada")
  await ada.say("Do it")
  const run = await claimNext(nodes().a, chat)
  await run.callTool("a-1")
  await ask(run, `${chat}-q`, "May I?")
  await ada.until(({ finished }) => finished.length === 1)
  const approval = { id: `${chat}-q`, approved: true }
  const asked = {
    id: run.run,
    role: "assistant",
    parts: [{ type: "tool-look_up", state: "approval-responded", approval }],
  }
  const since = { id: "m-2", role: "user", parts: [{ type: "text", text: "Shall we?" }] }
  const url = `ws://127.0.0.1:${nodes().a.port}/v1`
  const bob = createClient({ url, user: "bob", device: "laptop", socket: socketsOf(WebSocket) })
  const sent = { trigger: "submit-message", chatId: chat, messageId: run.run, abortSignal: undefined } as const
  const stream = await chatTransport(bob).sendMessages({ ...sent, messages: [asked, since] })
  const answers = await eventsIn(nodes().a.engine, chat, "input.responded")
  expect(answers).toMatchObject([{ by: { user: "bob" }, value: true }])
  expect(bob.conversation(chat).snapshot().messages.map(textOf)).not.toContain("Shall we?")
  await stream.cancel()
  bob.close()
})

test("[AIS7] a page that merges the log shows what other people and other devices say, as it is said", async () => {
  const chat = fresh()
  const ada = await page(chat, "ada", { merges: true })
  await ada.say("One")
  const first = await claimNext(nodes().a, chat)
  const bob = await page(chat, "bob", { merges: true })
  await first.begin("a-1")
  await first.say("a-1", 0, "The first")
  await bob.until(() => bob.texts.join("|") === "One|The first")
  await first.finish("a-1", "The first")
  await first.end()
  await ada.until(({ finished }) => finished.length === 1)
  await bob.say("Two")
  const second = await claimNext(nodes().b, chat)
  await second.answer("a-2", "The second")
  await second.end()
  const all = ["One", "The first", "Two", "The second"]
  await bob.until(({ status }) => status === "ready" && bob.texts.join() === all.join())
  await ada.until(() => ada.texts.join() === all.join())
  expect(ada.messages.map(({ id, role }) => [id, role])).toEqual(bob.messages.map(({ id, role }) => [id, role]))
  // Each of a page's own messages was shown once at every moment.
  for (const { messages } of [...ada.history, ...bob.history]) {
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length)
  }
})
