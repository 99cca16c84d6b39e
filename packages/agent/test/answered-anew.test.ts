/** Answers that are given anew: the agent knows nothing of the first one, whatever happens to the second. */
import type { ConversationState, EventBody, Run } from "@everthread/protocol"
import { AIMessage, type BaseMessage } from "@langchain/core/messages"
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import { attemptStart } from "../src/attempt-input.ts"
import type { AnyGraph } from "../src/langgraph/thread-position.ts"
import { Gate } from "./support/gate.ts"
import { type Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { toolAgent } from "./support/tool-agent.ts"

const quick = { pollMs: 10, stopGraceMs: 10 }
const by = { user: "ada", device: "phone" }
let count = 0

function foundRun(state: ConversationState, id: string): Run {
  const run = runOf(state, id)
  if (!run) throw new Error(`There is no run ${id}`)
  return run
}

/** As the server does it. @returns the run. */
async function askAnew(h: Harness, conversation: string, before: string): Promise<string> {
  const state = await h.state(conversation)
  const { agent, message, before: from } = foundRun(state, before)
  const run = `again${++count}`
  const messages = state.messages.filter((held) => held.run === before).map(({ id }) => id)
  const again = { run: before, ...(from === undefined ? {} : { from }) }
  const bodies: EventBody[] = [
    { type: "rewind", time: 0, run: before, attempt: 1, messages },
    { type: "run.queued", time: 0, by, run, agent, message, again },
  ]
  await h.append(conversation, bodies, run)
  return run
}

/** Says how often it was asked, and all that it was given. */
function listener(): { readonly graph: AnyGraph; readonly heard: string[][] } {
  const heard: string[][] = []
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("say", ({ messages }) => {
      heard.push(messages.map((message: BaseMessage) => message.text))
      return { messages: [new AIMessage(`answer ${heard.length}`)] }
    })
    .addEdge(START, "say")
    .compile()
  return { graph, heard }
}

const texts = (state: ConversationState) => state.messages.map(({ text, blocks }) => text || blocks[0]?.text)

test("[RUN9] the first answer is forgotten by the log and by the agent, and what was said before it is not", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { graph, heard } = listener()
  await h.worker({ agent: graph }, quick)
  await h.ended(conversation, await h.ask(conversation, "one"))
  const first = await h.ask(conversation, "two")
  await h.ended(conversation, first)
  const second = await askAnew(h, conversation, first)
  const state = await h.ended(conversation, second)
  expect(texts(state)).toEqual(["one", "answer 1", "two", "answer 3"])
  expect(foundRun(state, second)).toMatchObject({ status: "completed", before: foundRun(state, first).before })
  await h.ended(conversation, await h.ask(conversation, "three"))
  expect(heard).toEqual([
    ["one"],
    ["one", "answer 1", "two"],
    ["one", "answer 1", "two"],
    ["one", "answer 1", "two", "answer 3", "three"],
  ])
})

test("[RUN9] the very first answer, again and again, with the message as it is by then", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { graph, heard } = listener()
  await h.worker({ agent: graph }, quick)
  let run = await h.ask(conversation, "helo")
  const { messages } = await h.ended(conversation, run)
  await h.append(conversation, [{ type: "edit", time: 0, by, message: messages[0]?.id ?? "", text: "hello" }])
  for (let times = 0; times < 3; times++) {
    run = await askAnew(h, conversation, run)
    await h.ended(conversation, run)
  }
  expect(heard).toEqual([["helo"], ["hello"], ["hello"], ["hello"]])
  expect(texts(await h.state(conversation))).toEqual(["hello", "answer 4"])
})

test("[RUN9] tools and their results go with the answer that they were for", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { graph, histories } = toolAgent({})
  await h.worker({ agent: graph }, quick)
  const first = await h.ask(conversation, "look")
  await h.ended(conversation, first)
  await h.ended(conversation, await askAnew(h, conversation, first))
  expect(histories).toEqual([
    ["human: look"],
    ["human: look", "ai: look()", "tool: found"],
    ["human: look"],
    ["human: look", "ai: look()", "tool: found"],
  ])
})

test("[RUN9] one that is stopped before it has said anything leaves the agent without the first answer, too", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { graph, heard } = listener()
  const worker = await h.worker({ agent: graph }, quick)
  const first = await h.ask(conversation, "one")
  await h.ended(conversation, first)
  await worker.drain(0)
  const second = await askAnew(h, conversation, first)
  await h.append(conversation, [{ type: "run.attempt", time: 0, run: second, attempt: 1, node: "dead" }])
  await h.stop(conversation, second)
  await h.worker({ agent: graph }, quick)
  await h.ended(conversation, second)
  await h.ended(conversation, await h.ask(conversation, "two"))
  expect(heard.at(-1)?.filter((text) => text.startsWith("answer"))).toEqual([])
})

test("[RUN9] [RUN3] one whose worker hands it over goes on from its own checkpoint, not from the first answer's", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const gate = new Gate()
  let calls = 0
  const { graph, histories } = toolAgent({ tool: async () => (++calls === 2 ? gate.pass() : undefined) })
  const worker = await h.worker({ agent: graph }, quick)
  const first = await h.ask(conversation, "look")
  await h.ended(conversation, first)
  const second = await askAnew(h, conversation, first)
  await gate.reached
  const draining = worker.drain(10_000)
  gate.open()
  await draining
  await h.worker({ agent: graph }, quick)
  const state = await h.ended(conversation, second)
  expect(foundRun(state, second)).toMatchObject({ status: "completed", attempt: 2 })
  expect(histories.at(-1)).toEqual(["human: look", "ai: look()", "tool: found"])
  expect(saidIn(state, second).at(-1)).toBe("told: look")
  expect(saidIn(state, first)).toEqual([])
})

test("[RUN9] what the first run had taken in while it was at work is given again", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { graph } = listener()
  const worker = await h.worker({ agent: graph }, quick)
  const first = await h.ask(conversation, "one")
  await h.ended(conversation, first)
  await worker.drain(0)
  await h.append(conversation, [
    { type: "message", time: 0, by, id: "more", key: "more", text: "and more", agent: "agent" },
    { type: "run.queued", time: 0, by, run: "taken", agent: "agent", message: "more" },
    { type: "run.ended", time: 0, run: "taken", outcome: "merged", into: first },
  ])
  const second = await askAnew(h, conversation, first)
  const state = await h.state(conversation)
  const start = attemptStart(state, foundRun(state, second), undefined, 100)
  expect(start).toMatchObject({ kind: "messages", from: "", messages: [{ text: "one" }, { text: "and more" }] })
})

test("[RUN9] where the checkpoint before is not kept the run fails with a sentence", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const { graph } = listener()
  await h.worker({ agent: graph }, quick)
  const first = await h.ask(conversation, "one")
  const { message, agent } = foundRun(await h.ended(conversation, first), first)
  const again = { run: first, from: "1f1e5a13-a8cd-6700-8002-43d47aba79fc" }
  await h.append(conversation, [{ type: "run.queued", time: 0, by, run: "lost", agent, message, again }], "lost")
  expect(foundRun(await h.ended(conversation, "lost"), "lost")).toMatchObject({
    status: "failed",
    error: expect.stringContaining("is not kept any more"),
  })
})
