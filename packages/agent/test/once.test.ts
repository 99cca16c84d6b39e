/** Tools that have consequences: once, or again under the same key and told so. */
import { effectsTtlMs } from "@everthread/engine"
import { AIMessage, ToolMessage } from "@langchain/core/messages"
import { tool } from "@langchain/core/tools"
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { ToolNode } from "@langchain/langgraph/prebuilt"
import * as z from "zod"
import { type AuthorConfig, type OnceCall, once, toolKey } from "../src/langgraph/author/index.ts"
import { outputLimits } from "../src/options.ts"
import { Gate } from "./support/gate.ts"
import { type Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"

const quick = { pollMs: 5, stopGraceMs: 10 }
async function harness() {
  const h = await openHarness()
  return { h, conversation: await h.conversation() }
}

/** Another node claims the conversation and dies at once: its heartbeat was never counted. */
async function steal(h: Harness): Promise<void> {
  const [opening] = await h.engine.leases.openRuns()
  if (!opening) throw new Error("nothing to steal")
  const { conversation, run, owner } = opening
  const claim = { conversation, run, node: "ghost", nonce: "ghostghost", instead: owner?.fence }
  if (!(await h.engine.leases.claim(claim))) throw new Error("not stolen")
}

/** A model that calls `pay` twice at once, and the tools that work. */
function paying(pay: (amount: number, config: AuthorConfig) => Promise<unknown>) {
  const payTool = tool(async ({ amount }, config) => JSON.stringify(await pay(amount, config as AuthorConfig)), {
    name: "pay",
    schema: z.object({ amount: z.number() }),
  })
  const calls = [1, 2].map((amount) => ({ name: "pay", args: { amount }, id: `call-${amount}` }))
  return new StateGraph(MessagesAnnotation)
    .addNode("model", () => ({ messages: [new AIMessage({ content: "", tool_calls: calls })] }))
    .addNode("tools", new ToolNode([payTool]))
    .addNode("end", () => ({ messages: [new AIMessage("paid")] }))
    .addEdge(START, "model")
    .addEdge("model", "tools")
    .addEdge("tools", "end")
    .compile()
}

test("[TOO1] [TOO2] of what one attempt began another does only what has no result, under the same keys", async () => {
  const { h, conversation } = await harness()
  const gate = new Gate()
  const charged: (OnceCall & { amount: number })[] = []
  const graph = paying((amount, config) =>
    once(config, async (call) => {
      charged.push({ ...call, amount })
      // The second payment is made, and the process dies before anybody knows.
      if (amount === 2 && !call.again) await gate.pass()
      return { receipt: amount }
    }),
  )
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "pay")
  await gate.reached
  while (charged.length < 2) await new Promise((resolve) => setImmediate(resolve))
  const first = charged.find(({ amount }) => amount === 1)
  const { fence } = (await h.engine.leases.openRuns())[0]?.owner ?? {}
  const probe = { conversation, run, key: first?.key ?? "" }
  // The first payment's result is stored a moment after it was made.
  const isKept = async () => fence && (await h.engine.effects.begin(probe, fence, "123")).status === "done"
  while (!(await isKept())) await new Promise((resolve) => setImmediate(resolve))
  await steal(h)
  gate.open()
  const state = await h.ended(conversation, run)
  expect(runOf(state, run)).toMatchObject({ status: "completed", attempt: 2 })
  const sorted = [...charged].sort((a, b) => a.amount - b.amount || Number(a.again) - Number(b.again))
  expect(sorted.map(({ amount, again }) => [amount, again])).toEqual([
    [1, false],
    [2, false],
    [2, true],
  ])
  expect(sorted[1]?.key).toBe(sorted[2]?.key)
  expect(sorted[0]?.key).not.toBe(sorted[1]?.key)
  const tuple = await h.saver.getTuple({ configurable: { thread_id: conversation } })
  const messages = tuple?.checkpoint.channel_values["messages"] as unknown[]
  const results = messages.filter((message) => ToolMessage.isInstance(message)).map(({ content }) => content)
  expect(results).toEqual(['{"receipt":1}', '{"receipt":2}'])
})

test("[TOO3] an owner that was replaced does not begin, and what it finishes is not kept", async () => {
  const { h, conversation } = await harness()
  const [gate, late] = [new Gate(), new Gate()]
  const done: string[] = []
  const told: unknown[] = []
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("work", async (_state, config) => {
      const attempt = done.length === 0 ? "zombie" : "owner"
      const result = await once(config as AuthorConfig, "first", async () => {
        done.push(attempt)
        if (attempt === "zombie") await gate.pass()
        return attempt
      }).catch((error: unknown) => error)
      told.push(result instanceof Error ? result.name : result)
      if (attempt === "zombie") {
        const second = await once(config as AuthorConfig, "second", () => done.push("never")).catch(
          (e: Error) => e.name,
        )
        told.push(second)
        late.open()
      }
      await late.pass()
      return { messages: [new AIMessage(String(result))] }
    })
    .addEdge(START, "work")
    .compile()
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "go")
  await gate.reached
  await steal(h)
  const worker = await h.worker({ agent: graph }, quick)
  await h.until(conversation, (state) => runOf(state, run)?.attempt === 2)
  gate.open()
  const state = await h.ended(conversation, run)
  expect(worker.runsActive).toBeLessThanOrEqual(1)
  expect(runOf(state, run)?.status).toBe("completed")
  expect(done.sort()).toEqual(["owner", "zombie"])
  expect(told).toEqual(expect.arrayContaining(["FencedError", "owner"]))
  expect(told.filter((name) => name === "FencedError")).toHaveLength(2)
})

test("[TOO1] when the run has ended nothing of its effects is left, also where it failed", async () => {
  const { h, conversation } = await harness()
  const keys: string[] = []
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("work", async (state, config) => {
      const text = String(state.messages.at(-1)?.content)
      await once(config as AuthorConfig, "pay", ({ key }) => void keys.push(key))
      if (text === "fail") throw new Error("after the payment")
      return { messages: [new AIMessage("done")] }
    })
    .addEdge(START, "work")
    .compile()
  const worker = await h.worker({ agent: graph }, quick)
  const runs = [await h.ask(conversation, "work"), await h.ask(conversation, "fail")]
  for (const run of runs) await h.ended(conversation, run)
  await worker.drain(1_000)
  const next = await h.ask(conversation, "x")
  const claim = { conversation, run: next, node: "n", nonce: "n", instead: undefined }
  const fence = await h.engine.leases.claim(claim)
  if (!fence) throw new Error("nobody else wants it")
  for (const [index, run] of runs.entries()) {
    const effect = { conversation, run, key: keys[index] ?? "" }
    expect(await h.engine.effects.begin(effect, fence, "1")).toEqual({ status: "fresh" })
  }
  expect(new Set(keys).size).toBe(2)
  expect(effectsTtlMs).toBeGreaterThan(7 * 24 * 3_600_000)
})

test("[GRA1] a result that is too long to be kept is an error that names the limit", async () => {
  const { h, conversation } = await harness()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("work", async (_state, config) => {
      await once(config as AuthorConfig, "big", () => "x".repeat(outputLimits.effectBytesMax))
      return { messages: [] }
    })
    .addEdge(START, "work")
    .compile()
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "go")
  const failed = runOf(await h.ended(conversation, run), run)
  expect(failed?.status).toBe("failed")
  expect(failed?.error).toContain("OnceResultError")
  expect(failed?.error).toContain("effectBytesMax")
})

test("outside of Everthread once just does it; outside of a tool and of a graph it says what is missing", async () => {
  const config = { configurable: { checkpoint_ns: "work:task-1" } }
  expect(await once(config, "pay", ({ key, again }) => ({ key, again }))).toEqual({ key: "task-1:pay", again: false })
  expect(toolKey({ ...config, toolCall: { id: "call-1" } })).toBe("task-1:call-1")
  expect(toolKey({ ...config, toolCall: { id: "call-1" } }, "book")).toBe("task-1:call-1:book")
  expect(() => toolKey(config)).toThrow("a name is needed")
  expect(() => toolKey({}, "pay")).toThrow("There is no task here")
})

test("[TOO1] two calls at once for one key do it once, and one inside of itself is told so", async () => {
  const { h, conversation } = await harness()
  const calls: OnceCall[] = []
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("work", async (_state, config) => {
      const mail = () => once(config as AuthorConfig, "mail", async (call) => ({ sent: calls.push(call) }))
      const sent = await Promise.all([mail(), mail()])
      const inside = await once(config as AuthorConfig, "outer", () =>
        once(config as AuthorConfig, "outer", () => "never").catch((error: Error) => error.message),
      )
      return { messages: [new AIMessage(JSON.stringify([sent, inside.includes("give each a name")]))] }
    })
    .addEdge(START, "work")
    .compile()
  await h.worker({ agent: graph }, quick)
  const run = await h.ask(conversation, "go")
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(['[[{"sent":1},{"sent":1}],true]'])
  expect(calls.map(({ again }) => again)).toEqual([false])
})
