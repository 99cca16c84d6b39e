/** Nodes that serve people and nodes that run agents, as processes of their own on one Redis. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Client, type Conversation, type ConversationView, createClient } from "@everthread/client"
import { textOf } from "@everthread/protocol"
import { type RedisServer, startRedis, until } from "@everthread/stage"
import { wsSockets } from "../src/chat/ws-sockets.ts"
import { agentFile, type Serving, serve } from "./serving.ts"

let folder: string
let redis: RedisServer
let gate: string
const started: Serving[] = []
const clients: Client[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "everthread-roles-"))
  gate = join(folder, "gate")
  redis = await startRedis({ config: { appendonly: "no" } })
})
afterEach(async () => {
  for (const client of clients.splice(0)) client.close()
  for (const { child } of started) child.kill("SIGKILL")
  await Promise.all(started.splice(0).map(({ ended }) => ended))
  await redis.stop()
  rmSync(folder, { recursive: true })
})

function start(args: readonly string[], env: Record<string, string> = {}): Serving {
  const store = { REDIS_URL: redis.url, EVERTHREAD_REDIS_DURABILITY: "memory", GATE: gate }
  const serving = serve(args, { ...store, ...env }, folder)
  started.push(serving)
  return serving
}

const agentNode = (who: string, agents: readonly string[], ...more: readonly string[]) =>
  start(["--role", "agent", ...agents.flatMap((name) => ["--graph", `${name}=${agentFile("gated")}:graph`]), ...more], {
    WHO: who,
  })

/** LangGraph cannot be imported in such a process: whatever asks for it throws. */
const withoutLanggraph = {
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
    `import { register } from "node:module"
     register("data:text/javascript," + encodeURIComponent('export function resolve(name, context, next) { if (name.startsWith("@langchain/")) throw new Error("asked for " + name); return next(name, context) }'))`,
  )}`,
}

async function connect(address: string, user = "ada"): Promise<Client> {
  const client = createClient({ url: `${address}/v1`, user, device: "laptop", socket: wsSockets })
  clients.push(client)
  await client.ready()
  return client
}

async function begin(client: Client, conversation: string, agent?: string): Promise<Conversation> {
  await client.create({ conversation, ...(agent === undefined ? {} : { agent }) })
  return client.conversation(conversation)
}

/** Resolves with the first view, now or later, that is what the test waits for. */
function seen(conversation: Conversation, isIt: (view: ConversationView) => boolean): Promise<ConversationView> {
  return new Promise((resolve) => {
    const look = () => {
      const view = conversation.snapshot()
      if (!isIt(view)) return
      stop()
      resolve(view)
    }
    const stop = conversation.subscribe(look)
    look()
  })
}

/** Resolves when so many of its runs were completed. */
const completed = (conversation: Conversation, count: number) =>
  seen(conversation, ({ state }) => state.runs.filter(({ status }) => status === "completed").length === count)

const answers = ({ messages }: ConversationView) => messages.filter(({ role }) => role === "assistant").map(textOf)

test("[NOD6] a gateway starts without LangGraph, knows the agents of all workers, and runs none itself", async () => {
  const one = agentNode("one", ["alpha", "shared"])
  await one.ready
  const gateway = start(["--role", "gateway"], withoutLanggraph)
  const address = await gateway.ready
  expect(address).toMatch(/^ws:/)
  expect(gateway.out()).toContain("agents  alpha, shared")
  const client = await connect(address)
  const welcome = await client.ready()
  expect(welcome.agents).toEqual(["alpha", "shared"])
  writeFileSync(gate, "")
  const conversation = await begin(client, "c", "alpha")
  await conversation.send("hello")
  expect(answers(await completed(conversation, 1))).toEqual(["from one"])
  await expect(conversation.send("hello", { agent: "never" })).rejects.toThrow("no agent")
})

test("[AGT1] a gateway that was there first takes messages for a worker's agent as soon as the worker is there", async () => {
  writeFileSync(gate, "")
  const client = await connect(await start(["--role", "gateway"]).ready)
  const one = agentNode("one", ["alpha"])
  await one.ready
  const conversation = await begin(client, "c", "alpha")
  await conversation.send("hello")
  expect(answers(await completed(conversation, 1))).toEqual(["from one"])
})

test("[NOD6] a node that only runs agents shows pages and takes no sockets", async () => {
  const serving = agentNode("one", ["alpha"])
  const address = await serving.ready
  expect(address).toMatch(/^http:/)
  const page = async (path: string) => (await fetch(`${address}${path}`)).status
  expect([await page("/healthz"), await page("/readyz"), await page("/metrics")]).toEqual([200, 200, 200])
  const client = createClient({ url: `${address.replace("http", "ws")}/v1`, user: "a", device: "d", socket: wsSockets })
  clients.push(client)
  await new Promise<void>((resolve) => client.onState(({ name }) => name === "waiting" && resolve()))
  expect(serving.err()).not.toContain("authentication is off")
  serving.child.kill("SIGTERM")
  expect(await serving.ended).toBe(0)
})

test("[AGT2] when a worker is killed its runs go on where their agent is served as well, and wait where it is not", async () => {
  const one = agentNode("one", ["alpha", "shared"], "--agent-lease", "1")
  await one.ready
  const gateway = start(["--role", "gateway", "--agent-lease", "1"])
  const client = await connect(await gateway.ready)
  const shared = await begin(client, "shared", "shared")
  const alone = await begin(client, "alone", "alpha")
  await Promise.all([shared.send("hello"), alone.send("hello")])
  for (const conversation of [shared, alone])
    await seen(conversation, ({ state }) => state.runs[0]?.status === "running")
  const two = agentNode("two", ["shared"], "--agent-lease", "1")
  await two.ready
  one.child.kill("SIGKILL")
  writeFileSync(gate, "")
  const view = await completed(shared, 1)
  expect(answers(view)).toEqual(["from two"])
  expect(view.state.runs[0]).toMatchObject({ status: "completed", attempt: 2 })
  await until("the gateway to say that nobody serves it", async () =>
    gateway.err().includes("nobody serves the agent alpha"),
  )
  // It was served a moment ago: what is sent to it waits as well.
  await alone.send("hello again")
  expect(alone.snapshot().state.runs.map(({ status }) => status)).toEqual(["running", "queued"])
  await agentNode("three", ["alpha"], "--agent-lease", "1").ready
  const last = await completed(alone, 2)
  expect(answers(last)).toEqual(["from three", "from three"])
})

test("[AGT2] a run whose agent is served no more ends in time, though nothing but a gateway is there", async () => {
  const flags = ["--agent-lease", "1", "--agent-missing-after", "1"]
  const one = agentNode("one", ["alpha"], ...flags)
  await one.ready
  const gateway = start(["--role", "gateway", ...flags])
  const conversation = await begin(await connect(await gateway.ready), "c", "alpha")
  one.child.kill("SIGTERM")
  await one.ended
  await conversation.send("is somebody there?")
  const view = await seen(conversation, ({ state }) => state.runs[0]?.status === "failed")
  expect(view.state.runs[0]?.error).toContain("No worker serves the agent alpha")
})

test("[AGT5] with one place, five conversations are told their places, in a line that moves up", async () => {
  await agentNode("one", ["alpha"], "--agent-runs-max", "1").ready
  const gateway = start(["--role", "gateway"])
  const address = await gateway.ready
  const conversations: Conversation[] = []
  for (const user of ["ann", "bob", "cyd", "dan", "eve"]) {
    const conversation = await begin(await connect(address, user), `of-${user}`, "alpha")
    await conversation.send("hello")
    conversations.push(conversation)
    if (user === "ann") await seen(conversation, ({ state }) => state.runs[0]?.status === "running")
  }
  const placeIn = (view: ConversationView) => view.positions.get(view.state.runs[0]?.id ?? "")
  const [first, ...waiting] = conversations
  for (const [index, conversation] of waiting.entries()) await seen(conversation, (view) => placeIn(view) === index + 1)
  expect(first && placeIn(first.snapshot())).toBeUndefined()
  writeFileSync(gate, "")
  for (const conversation of conversations) {
    const view = await completed(conversation, 1)
    expect(placeIn(view)).toBeUndefined()
  }
})

test("[AGT6] among people, a message that begins with @name is that agent's, and @nobody is only text", async () => {
  const agent = `${agentFile("gated")}:graph`
  writeFileSync(gate, "")
  writeFileSync(join(folder, "langgraph.json"), JSON.stringify({ graphs: { alpha: agent, "alpha-two": agent } }))
  const node = start([], { WHO: "node" })
  const conversation = await begin(await connect(await node.ready), "group")
  for (const text of ["good morning", "@nobody hello", "@alpha-two: what now?", "@alphabet", "well, @alpha"]) {
    await conversation.send(text)
  }
  await conversation.send("@alpha，你好")
  const view = await completed(conversation, 2)
  expect(view.state.runs.map(({ agent: name }) => name)).toEqual(["alpha-two", "alpha"])
  expect(view.messages.filter(({ role }) => role === "user").map(textOf)).toContain("@alpha-two: what now?")
})

test("[NOD6] half a node without a Redis is refused, with what to do", async () => {
  const serving = start(["--role", "gateway"], { REDIS_URL: "" })
  expect(await serving.ended).toBe(1)
  expect(serving.err()).toContain("node.role is gateway, but without redis.url nothing is shared")
  expect(serving.err()).not.toMatch(/\n\s+at /)
})

test("[NOD5] a second live node of one name says so when it starts, and neither disturbs the other", async () => {
  const flags = ["--server-id", "twin"]
  await agentNode("one", ["alpha"], ...flags).ready
  const two = agentNode("two", ["beta"], ...flags)
  await two.ready
  await until("the second to warn", async () => two.err().includes("another node with the name twin"))
  writeFileSync(gate, "")
  const client = await connect(await start(["--role", "gateway"]).ready)
  for (const agent of ["alpha", "beta"]) {
    const conversation = await begin(client, agent, agent)
    await conversation.send("hello")
    const view = await completed(conversation, 1)
    expect(view.state.runs[0]).toMatchObject({ status: "completed", attempt: 1 })
  }
})
