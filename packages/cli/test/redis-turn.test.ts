/** A turn of a graph on Redis: what it asks the server for, and that a checkpoint and its entry are one step there. */
import {
  type AgentWorker,
  compiledGraph,
  defaultAgentOptions,
  AgentWorker as Worker,
  withBoundedValues,
} from "@everthread/agent"
import { bodyOf, freshNonce } from "@everthread/engine"
import { type ForeignCall, openRedisEngine, type RedisEngine } from "@everthread/engine-redis"
import { type EventBody, startCursor, systemClock, systemRandom } from "@everthread/protocol"
import { type RedisServer, startRedis } from "@everthread/stage"
import { AIMessage } from "@langchain/core/messages"
import { emptyCheckpoint, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { redisSaver } from "../src/serve/redis-saver.ts"

const by = { user: "ada", device: "phone" }

let redis: RedisServer
let engine: RedisEngine
beforeAll(async () => {
  redis = await startRedis({ config: { appendonly: "no" } })
  engine = await openRedisEngine({ url: redis.url, durability: "memory" })
})
afterAll(async () => {
  await engine.close()
  await redis.stop()
})

const twoNodes = () =>
  new StateGraph(MessagesAnnotation)
    .addNode("first", () => ({ messages: [new AIMessage("one")] }))
    .addNode("second", () => ({ messages: [new AIMessage("two")] }))
    .addEdge(START, "first")
    .addEdge("first", "second")
    .compile()

const saver = () => redisSaver(engine, systemRandom, { ttlMs: undefined, countMax: undefined })

async function startWorker(graph = compiledGraph(twoNodes(), saver())): Promise<AgentWorker> {
  const worker = new Worker({
    engine,
    graphs: new Map([["agent", { name: "agent", graph }]]),
    node: "node",
    clock: systemClock,
    random: systemRandom,
    // Nobody but the hint of a new run makes it look.
    options: { ...defaultAgentOptions, heartbeatMs: 1_000_000, pollMs: 1_000_000 },
    log: () => {},
  })
  await worker.start()
  return worker
}

async function begin(conversation: string): Promise<void> {
  const created: EventBody = { type: "conversation.created", time: 0, by, agent: "agent" }
  const bodies = [JSON.stringify(created)]
  const members = [{ user: "ada", role: "owner" as const }]
  await engine.log.create({ conversation, nonce: freshNonce(systemRandom), bodies, members })
}

async function ask(conversation: string, run: string): Promise<void> {
  const bodies: EventBody[] = [
    { type: "message", time: 0, by, id: `m-${run}`, key: run, text: "hi", agent: "agent" },
    { type: "run.queued", time: 0, by, run, agent: "agent", message: `m-${run}` },
  ]
  await engine.log.append({
    conversation,
    nonce: freshNonce(systemRandom),
    bodies: bodies.map((body) => JSON.stringify(body)),
    runs: [{ run, state: "open" }],
  })
}

async function eventsOf(conversation: string): Promise<EventBody[]> {
  const read = await engine.log.read(conversation, startCursor, { entriesMax: 10_000, charsMax: 10_000_000 })
  return read.status === "tail" ? read.entries.map(bodyOf) : []
}

/** Asks, and resolves when the run has ended and nothing is under way any more. */
async function turn(worker: AgentWorker, conversation: string, run: string): Promise<void> {
  let isOver = () => {}
  const ended = new Promise<void>((resolve) => {
    isOver = resolve
  })
  const isEnd = (body: EventBody) => body.type === "run.ended" && body.run === run
  const unlisten = await engine.log.listen(conversation, {
    appended: ({ entries }) => entries.some((entry) => isEnd(bodyOf(entry))) && isOver(),
    ephemeral() {},
    missed() {},
  })
  await ask(conversation, run)
  await ended
  unlisten()
  while (worker.runsActive > 0) await new Promise((resolve) => setImmediate(resolve))
}

const named = (events: readonly EventBody[]): unknown[] =>
  events.flatMap((event) => (event.type === "agent" && event.method === "checkpoints" ? [event.data["id"]] : []))

async function stored(conversation: string): Promise<unknown[]> {
  const ids: unknown[] = []
  for await (const { config } of saver().list({ configurable: { thread_id: conversation } }))
    ids.unshift(config.configurable?.["checkpoint_id"])
  return ids
}

/** What the graph says is as much as it says. All others belong to the node, however many turns there are. */
const besides = new Set(["append-output", "all", "heads", "beat", "beats", "announce", "withdraw", "leave"])

test("a turn of two nodes takes nine round trips, beside the words and the looks for open runs", async () => {
  await begin("count")
  const worker = await startWorker()
  await turn(worker, "count", "r1")
  const asked: string[] = []
  engine.observe({ roundTrip: (operation) => void asked.push(operation), reconnected() {} })
  await turn(worker, "count", "r2")
  await worker.drain(1_000)
  const step = "append-with-put-put-writes"
  const [sent, ...rest] = asked.filter((operation) => !besides.has(operation))
  expect(sent).toBe("append")
  expect(rest).toEqual(["snapshot", "read", "claim", "append", "get-tuple", step, step, step, "append"])
})

test("[RUN8] on Redis, too, the log names each root checkpoint once, and the store has no other", async () => {
  await begin("named")
  const worker = await startWorker()
  for (const run of ["r1", "r2"]) await turn(worker, "named", run)
  await worker.drain(1_000)
  const events = await eventsOf("named")
  expect(named(events)).toHaveLength(8)
  expect(named(events)).toEqual(await stored("named"))
  expect(await engine.leases.openRuns()).toEqual([])
})

test("[RUN2] [RUN8] a checkpoint that does not continue its thread is stored as little as the entry that names it", async () => {
  await begin("parent")
  await ask("parent", "r1")
  const claim = { conversation: "parent", run: "r1", node: "n", nonce: "claim", instead: undefined }
  const fence = await engine.leases.claim(claim)
  if (!fence) throw new Error("nobody else wants it")
  const logSaver = saver()
  const put = async (n: number, id: string, parent: string | undefined) => {
    const calls: ForeignCall[] = []
    const handing = logSaver.handing(async (call) => void calls.push(call))
    const place = { thread_id: "parent", __fence: fence, ...(parent === undefined ? {} : { checkpoint_id: parent }) }
    const metadata = { source: "loop" as const, step: n, parents: {} }
    await handing.put({ configurable: place }, { ...emptyCheckpoint(), id }, metadata, {})
    const bodies = [JSON.stringify({ type: "agent", method: "checkpoints", data: { id } })]
    return logSaver.storeWith({ conversation: "parent", nonce: freshNonce(systemRandom), bodies, fence, n }, calls)
  }
  expect(await put(0, "one", undefined)).toEqual({ status: "appended" })
  expect(await put(1, "three", "two")).toEqual({ status: "fenced" })
  expect(await put(1, "two", "one")).toEqual({ status: "appended" })
  expect(await put(1, "two", "one")).toEqual({ status: "duplicate" })
  expect(named(await eventsOf("parent"))).toEqual(["one", "two"])
  expect(await stored("parent")).toEqual(["one", "two"])
})

test("[GRA1] on Redis, too, a state that has grown too large fails the run with the limit's name", async () => {
  await begin("large")
  const large = new StateGraph(MessagesAnnotation)
    .addNode("say", () => ({ messages: [new AIMessage("x".repeat(20_000))] }))
    .addEdge(START, "say")
    .compile()
  const worker = await startWorker(compiledGraph(large, withBoundedValues(saver(), 10_000)))
  await turn(worker, "large", "r1")
  await worker.drain(1_000)
  expect((await eventsOf("large")).at(-1)).toMatchObject({
    type: "run.ended",
    outcome: "failed",
    error: expect.stringContaining("langgraph.checkpoint_bytes_max"),
  })
})
