/** The log's entries that name checkpoints, and the checkpoints themselves: never one without the other. */
import { EngineError } from "@everthread/engine"
import type { EventBody } from "@everthread/protocol"
import { type BaseCheckpointSaver, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { isLogSaver } from "../src/langgraph/log-saver.ts"
import { Gate } from "./support/gate.ts"
import { openHarness } from "./support/open-harness.ts"
import { WordModel } from "./support/word-model.ts"

/** Two nodes, the second of which passes the gate before its last word. */
function twoNodes(gate?: Gate) {
  const says = (words: string[], isSlow: boolean) => async () => {
    const model = new WordModel(words, async (word) => (isSlow && word === words.at(-1) ? gate?.pass() : undefined))
    return { messages: [await model.invoke("x")] }
  }
  return new StateGraph(MessagesAnnotation)
    .addNode("first", says(["one ", "two"], false))
    .addNode("second", says(["three ", "four"], true))
    .addEdge(START, "first")
    .addEdge("first", "second")
    .compile()
}

const namedIn = (events: readonly EventBody[]): unknown[] =>
  events.flatMap((event) =>
    event.type === "agent" && event.method === "checkpoints" && event.ns.length === 0 ? [event.data["id"]] : [],
  )

async function storedIn(saver: BaseCheckpointSaver, thread: string): Promise<unknown[]> {
  const ids: unknown[] = []
  for await (const { config } of saver.list({ configurable: { thread_id: thread, checkpoint_ns: "" } }))
    ids.unshift(config.configurable?.["checkpoint_id"])
  return ids
}

/** The saver, with something done around each of its steps. */
function around(saver: BaseCheckpointSaver, step: (store: () => Promise<unknown>) => Promise<unknown>) {
  return new Proxy(saver, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== "function") return value
      if (key !== "storeWith") return value.bind(target)
      return (...args: unknown[]) => step(() => value.apply(target, args) as Promise<unknown>)
    },
  })
}

test("[RUN8] the log names each root checkpoint once, in the order in which they were stored", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  await h.worker({ agent: twoNodes() })
  for (const text of ["one", "two"]) await h.ended(conversation, await h.ask(conversation, text))
  const named = namedIn(await h.events(conversation))
  expect(named).toHaveLength(8)
  expect(named).toEqual(await storedIn(h.saver, conversation))
})

test("[RUN8] a saver that does not stand beside the log names its checkpoints, too", async () => {
  const saver = new MemorySaver()
  expect(isLogSaver(saver)).toBe(false)
  const h = await openHarness({ saver: () => saver })
  const conversation = await h.conversation()
  await h.worker({ agent: twoNodes() })
  await h.ended(conversation, await h.ask(conversation, "hi"))
  expect(namedIn(await h.events(conversation))).toEqual(await storedIn(saver, conversation))
})

test("[RUN8] at every moment the newest checkpoint is the last one that the log names", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const seen: Promise<void>[] = []
  const look = async () => {
    const [events, stored] = await Promise.all([h.events(conversation), storedIn(h.saver, conversation)])
    expect(namedIn(events)).toEqual(stored)
  }
  const unlisten = await h.engine.log.listen(conversation, {
    appended: () => void seen.push(look()),
    ephemeral() {},
    missed() {},
  })
  await h.worker({ agent: twoNodes() }, { deltaWindowMs: 0 })
  await h.ended(conversation, await h.ask(conversation, "hi"))
  unlisten()
  await Promise.all(seen)
  expect(seen.length).toBeGreaterThan(5)
})

test("[RUN2] [RUN8] an owner that lost the conversation stores neither a checkpoint nor the entry that names it", async () => {
  const gate = new Gate()
  const h = await openHarness()
  const conversation = await h.conversation()
  const worker = await h.worker({ agent: twoNodes(gate) }, { pollMs: 1_000_000 })
  await h.ask(conversation, "hi")
  await gate.reached
  const [opening] = await h.engine.leases.openRuns()
  const claim = { conversation, run: opening?.run ?? "", node: "ghost", nonce: "ghost", instead: opening?.owner?.fence }
  expect(await h.engine.leases.claim(claim)).toBeDefined()
  const before = [await h.events(conversation), await storedIn(h.saver, conversation)]
  gate.open()
  while (worker.runsActive > 0) await new Promise((resolve) => setImmediate(resolve))
  expect([await h.events(conversation), await storedIn(h.saver, conversation)]).toEqual(before)
})

test("[RUN8] a step whose answer was lost is repeated, and changes nothing the second time", async () => {
  let lost = 0
  const h = await openHarness({
    saver: (saver) =>
      around(saver, async (store) => {
        const answer = await store()
        lost += 1
        if (lost % 2 === 1) throw new EngineError("unknown", "The answer was lost.")
        return answer
      }),
  })
  const conversation = await h.conversation()
  await h.worker({ agent: twoNodes() }, { retryMs: 1, retryMsMax: 1 })
  const state = await h.ended(conversation, await h.ask(conversation, "hi"))
  expect(lost).toBeGreaterThanOrEqual(6)
  expect(state.messages.map(({ blocks }) => blocks[0]?.text)).toEqual([undefined, "one two", "three four"])
  expect(namedIn(await h.events(conversation))).toEqual(await storedIn(h.saver, conversation))
})

test("a turn of two nodes is stored in three steps", async () => {
  let steps = 0
  const h = await openHarness({
    saver: (saver) =>
      around(saver, (store) => {
        steps += 1
        return store()
      }),
  })
  const conversation = await h.conversation()
  await h.worker({ agent: twoNodes() })
  await h.ended(conversation, await h.ask(conversation, "hi"))
  expect(steps).toBe(3)
})
