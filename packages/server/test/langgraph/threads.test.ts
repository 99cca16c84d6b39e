/** What LangChain's client asks beside the stream: threads, their state and history, assistants, runs. */
import type { Core } from "../../src/core/core.ts"
import { countThreads } from "../../src/gateways/langgraph/http/threads.ts"
import { nodeForTests } from "../support/start-node.ts"
import { claimNext, fresh, stage } from "./support/nodes.ts"

const node = nodeForTests({ agents: ["scribe", "critic"] })
const { device } = stage(() => node().port)
const clientOf = (user: string, thread = fresh()) => device(thread, { user, transport: "sse" }).client

async function answered(thread: string, user = "ada"): Promise<string> {
  const ada = device(thread, { user, transport: "sse" })
  const id = await ada.say("Hello", `m-${thread}`)
  const run = await claimNext(node(), thread)
  await run.answer(`${id}.0`, "Hi ", "there")
  await run.end()
  return id
}

test("[LGR1] a thread is made, found, listed and counted", async () => {
  const client = clientOf("thea")
  const made = await client.threads.create({ graphId: "critic" })
  expect(made).toMatchObject({ status: "idle", metadata: { graph_id: "critic" }, values: { messages: [] } })
  const named = await client.threads.create({ threadId: fresh() })
  expect(await client.threads.get(made.thread_id)).toEqual(made)
  const listed = await client.threads.search()
  expect(listed.map(({ thread_id }) => thread_id).sort()).toEqual([made.thread_id, named.thread_id].sort())
  expect(await client.threads.count()).toBe(2)
  expect(await client.threads.search({ limit: 1, offset: 2 })).toEqual([])
  const again = await client.threads.create({ threadId: named.thread_id, ifExists: "do_nothing" })
  expect(again.thread_id).toBe(named.thread_id)
  await expect(client.threads.create({ threadId: named.thread_id })).rejects.toMatchObject({ status: 409 })
  await expect(client.threads.get(fresh())).rejects.toMatchObject({ status: 404 })
})

test("[LGR1] the state has the conversation's messages, and no next: a hook watches a thread whose next is unknown", async () => {
  const thread = fresh()
  const id = await answered(thread)
  const state = await clientOf("ada").threads.getState(thread)
  expect(state).not.toHaveProperty("next")
  expect(state.values).toMatchObject({
    messages: [
      { type: "human", id: `m-${thread}`, content: "Hello" },
      { type: "ai", id: `${id}.0`, content: [{ type: "text", text: "Hi there" }] },
    ],
  })
  expect(state.tasks).toEqual([])
  expect(await clientOf("ada").threads.getHistory(thread)).toEqual([])
})

test("[LGR1] [LGR5] the state names the questions that wait, with the task that asked", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada", transport: "sse" })
  const id = await ada.say("May you?", "m-1")
  const run = await claimNext(node(), thread)
  const time = 1_790_000_000_000
  await run.append({ type: "input.requested", time, run: id, interrupt: "q-1", value: "May I?" })
  await run.append({ type: "run.waiting", time, run: id })
  const state = await ada.client.threads.getState(thread)
  expect(state.tasks).toMatchObject([{ id, name: "scribe", interrupts: [{ id: "q-1", value: "May I?" }] }])
  expect(await ada.client.threads.get(thread)).toMatchObject({ status: "interrupted" })
})

test("[LGR1] assistants are the agents that are served", async () => {
  const client = clientOf("ada")
  expect((await client.assistants.search()).map(({ assistant_id }) => assistant_id)).toEqual(["scribe", "critic"])
  expect(await client.assistants.search({ graphId: "critic" })).toMatchObject([{ graph_id: "critic" }])
  expect(await client.assistants.get("scribe")).toMatchObject({ assistant_id: "scribe", name: "scribe" })
  expect(await client.assistants.count()).toBe(2)
  await expect(client.assistants.get("nobody")).rejects.toMatchObject({ status: 404 })
})

test("[LGR1] runs are queued, listed, looked at and cancelled", async () => {
  const thread = fresh()
  const client = clientOf("ada")
  const create = (text: string) =>
    client.runs.create(thread, "scribe", {
      input: { messages: [{ type: "human", content: text, id: text }] },
      multitaskStrategy: "enqueue",
    })
  const first = await create("first")
  expect(first).toMatchObject({ status: "pending", thread_id: thread, assistant_id: "scribe" })
  await claimNext(node(), thread)
  const second = await create("second")
  const pending = await client.runs.list(thread, { status: "pending" })
  expect(pending).toMatchObject([{ run_id: second.run_id, kwargs: { input: { messages: [{ content: "second" }] } } }])
  await client.runs.cancel(thread, second.run_id)
  const native = await (await node().connect({ user: "ada" })).follow(thread)
  expect(native.state.runs.map(({ stopBy }) => stopBy?.user)).toEqual([undefined, "ada"])
  expect(await client.runs.get(thread, first.run_id)).toMatchObject({ status: "running" })
  await expect(client.runs.get(thread, "none")).rejects.toMatchObject({ status: 404 })
})

test("[LGR1] a node says that it is well, and what it is, to whoever asks", async () => {
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${node().port}${path}`)).json()
  expect(await ask("/ok")).toEqual({ ok: true })
  expect(await ask("/info")).toMatchObject({ flags: { assistants: true } })
})

test("[LGR1] a client asks over its stream what the thread's agent is doing", async () => {
  const thread = fresh()
  const ada = device(thread, { user: "ada" })
  await ada.say("Hello", "m-1")
  expect(await ada.thread.agent.getTree()).toMatchObject({
    tree: { namespace: [], status: "started", graph_name: "scribe" },
  })
  expect(await ada.thread.state.get({ namespace: [] })).toMatchObject({ values: { messages: [{ content: "Hello" }] } })
  await claimNext(node(), thread)
  await ada.thread.input.inject({ namespace: [], message: { role: "user", content: "And hurry" } })
  const native = await (await node().connect({ user: "ada" })).follow(thread)
  expect(native.state.runs.map(({ whenBusy }) => whenBusy)).toEqual([undefined, "steer"])
})

test("[LGR1] [CON6] however many threads one has and names, finding them holds nobody up", async () => {
  const own = Array.from({ length: 10_000 }, (_, at) => `own-${at}`)
  const ids = [...Array.from({ length: 100_000 }, (_, at) => `other-${at}`), "own-7", "own-7", 7, null]
  const core = { engine: { directory: { conversations: async () => own } } } as unknown as Core
  const actor = { user: "ada", device: "langgraph" }
  const began = performance.now()
  const found = await countThreads({ core, actor, names: {}, query: new URLSearchParams(), body: { ids } })
  expect(found).toMatchObject({ ok: true, result: 1 })
  // One after the other they are a thousand million comparisons.
  expect(performance.now() - began).toBeLessThan(1_000)
})
