/** AG-UI's agent on our own client, against real nodes: what people see, and what they do not notice. */
import { HttpAgent, type Message } from "@ag-ui/client"
import { WebSocket } from "ws"
import { claimNext, fresh, inputOf, post } from "../../../server/test/ag-ui/support/nodes.ts"
import { twoNodes } from "../../../server/test/nodes/two-nodes.ts"
import { SimulatedRun } from "../../../server/test/simple/support/simulated-agent.ts"
import { conversationAgent } from "../../src/ag-ui/index.ts"
import { type Client, createClient, socketsOf } from "../../src/index.ts"

const nodes = twoNodes({ agents: ["scribe"] })
const clients: Client[] = []
const time = 1_790_000_000_000

afterEach(() => {
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

const until = (condition: () => boolean) => vi.waitUntil(condition, { timeout: 30_000, interval: 5 })
const words = ({ messages }: { readonly messages: readonly Message[] }) =>
  messages.flatMap(({ role, content }) => (role === "assistant" ? [content] : []))

function say(agent: HttpAgent, text: string, id: string): Promise<unknown> {
  agent.addMessage({ id, role: "user", content: text })
  return agent.runAgent()
}

test("[AGU8] it is the stock agent: a run is told as it is said, and the thread begins with it", async () => {
  const thread = fresh()
  const agent = conversationAgent(HttpAgent, clientOf("ada"), { threadId: thread })
  expect(agent).toBeInstanceOf(HttpAgent)
  const said = say(agent, "Tell me", "m-1")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Once ")
  await until(() => words(agent)[0] === "Once ")
  await run.say(`${run.run}.0`, 5, "upon a time")
  await run.finish(`${run.run}.0`, "Once upon a time")
  await run.end()
  await said
  expect(agent.messages).toMatchObject([
    { id: "m-1", content: "Tell me" },
    { id: `${run.run}.0`, content: "Once upon a time" },
  ])
})

test("[AGU8] [NOD1] a page that is cut off in the middle of an answer goes on at the word where it was, on another node", async () => {
  const thread = fresh()
  let reached = nodes().a.port
  const client = clientOf("ada", () => reached)
  const agent = conversationAgent(HttpAgent, client, { threadId: thread })
  const shown: unknown[] = []
  agent.subscribe({ onMessagesChanged: () => void shown.push(words(agent)[0] ?? "") })
  const said = say(agent, "Tell me", "m-1")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Once ")
  await until(() => words(agent)[0] === "Once ")
  reached = nodes().b.port
  client.drop()
  await run.say(`${run.run}.0`, 5, "upon ")
  await until(() => words(agent)[0] === "Once upon ")
  await run.finish(`${run.run}.0`, "Once upon a time")
  await run.end()
  await said
  expect(words(agent)).toEqual(["Once upon a time"])
  for (const text of shown) expect("Once upon a time".startsWith(String(text))).toBe(true)
})

test("[AGU8] connectAgent shows what others say and what agents answer them, over connections that break", async () => {
  const thread = fresh()
  const first = await claimAfter(thread, "m-1", "Hello")
  await first.answer(`${first.run}.0`, "Hello, Eve.")
  await first.end()
  let reached = nodes().a.port
  const client = clientOf("ada", () => reached)
  const agent = conversationAgent(HttpAgent, client, { threadId: thread })
  const connected = agent.connectAgent()
  await until(() => words(agent).length === 1)
  const run = await claimAfter(thread, "m-2", "And now?")
  await until(() => agent.messages.length === 3)
  expect(agent.messages.at(-1)).toMatchObject({ name: "eve", content: "And now?" })
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Now ")
  await until(() => words(agent)[1] === "Now ")
  reached = nodes().b.port
  client.drop()
  await run.finish(`${run.run}.0`, "Now we are done")
  await run.end()
  await until(() => words(agent)[1] === "Now we are done")
  await agent.detachActiveRun()
  await connected
})

async function claimAfter(thread: string, id: string, text: string): Promise<SimulatedRun> {
  const answer = await post(nodes().b.port, "", inputOf(thread, text, id), { "x-everthread-user": "eve" })
  void answer.body?.cancel()
  return claimNext(nodes().b, thread)
}

test("[AGU8] [AGU6] a question is answered once: who is late is told who was first", async () => {
  const thread = fresh()
  const ada = conversationAgent(HttpAgent, clientOf("ada"), { threadId: thread })
  const said = say(ada, "Book a table", "m-1")
  const run = await claimNext(nodes().b, thread)
  const interrupt = `q-${thread}`
  const value = { question: "For how many?" }
  await run.append(
    { type: "input.requested", time, run: run.run, interrupt, value },
    { type: "run.waiting", time, run: run.run },
  )
  await said
  expect(ada.pendingInterrupts).toMatchObject([{ id: interrupt, message: "For how many?" }])
  const eve = conversationAgent(HttpAgent, clientOf("eve"), { threadId: thread })
  const resume = (payload: number) => [{ interruptId: interrupt, status: "resolved" as const, payload }]
  let isAnswered = false
  eve.subscribe({
    onRunStartedEvent: () => {
      isAnswered = true
    },
  })
  const answered = eve.runAgent({ resume: resume(4) })
  await until(() => isAnswered)
  const refused = vi.spyOn(console, "error").mockImplementation(() => undefined)
  await expect(ada.runAgent({ resume: resume(2) })).rejects.toMatchObject({
    status: 409,
    payload: { code: "already_answered", field: "resume.0.interruptId", message: expect.stringContaining("eve") },
  })
  refused.mockRestore()
  const goesOn = await SimulatedRun.claim(nodes().a.engine, thread, 2)
  await goesOn.answer(`${run.run}.0`, "For four.")
  await goesOn.end()
  await answered
  expect(words(eve)).toEqual(["For four."])
})

test("[AGU8] [RUN4] abortRun stops the run for everybody; what it said stays", async () => {
  const thread = fresh()
  const agent = conversationAgent(HttpAgent, clientOf("ada"), { threadId: thread })
  const ends: string[] = []
  agent.subscribe({ onRunFinishedEvent: ({ outcome }) => void ends.push(outcome) })
  const said = say(agent, "Tell me", "m-1")
  const run = await claimNext(nodes().b, thread)
  await run.begin(`${run.run}.0`)
  await run.say(`${run.run}.0`, 0, "Once ")
  await until(() => words(agent)[0] === "Once ")
  agent.abortRun()
  const native = await nodes().b.connect({ user: "ada" })
  const log = await native.follow(thread)
  await native.until("the stop", () => log.state.runs[0]?.stopBy !== undefined)
  await run.end("stopped")
  await said
  expect(ends).toEqual(["cancelled"])
  expect(words(agent)).toEqual(["Once "])
})

test("[AGU8] what is wrong is told as the server's gateway tells it", async () => {
  const refused = vi.spyOn(console, "error").mockImplementation(() => undefined)
  const ask = (agent: string | undefined, id: string) =>
    say(conversationAgent(HttpAgent, clientOf("ada"), { threadId: fresh(), ...(agent ? { agent } : {}) }), "Hello", id)
  await expect(ask("nobody", "m-1")).rejects.toMatchObject({ status: 404, payload: { field: "agent" } })
  await expect(ask(undefined, "m~1")).rejects.toMatchObject({ status: 422, payload: { field: "messages.0.id" } })
  await expect(conversationAgent(HttpAgent, clientOf("ada"), { threadId: fresh() }).runAgent()).rejects.toMatchObject({
    status: 422,
    payload: { field: "messages" },
  })
  refused.mockRestore()
})
