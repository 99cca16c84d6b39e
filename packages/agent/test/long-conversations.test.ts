/** Runs in conversations that are longer than what the state holds: many questions, and many words in between. */
import { type EventBody, limits } from "@everthread/protocol"
import { AIMessage } from "@langchain/core/messages"
import { Annotation, END, interrupt, MessagesAnnotation, Send, START, StateGraph } from "@langchain/langgraph"
import { type Harness, runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"
import { WordModel } from "./support/word-model.ts"

const Collected = Annotation.Root({
  ...MessagesAnnotation.spec,
  got: Annotation<string[]>({ reducer: (before, more) => [...before, ...more], default: () => [] }),
})

/** So many tasks ask at once; what they were told is said in the order of the tasks. */
function parallel(questions: number) {
  return new StateGraph(Collected)
    .addNode("ask", (state: { n: number }) => ({ got: [`${state.n}=${interrupt(state.n)}`] }))
    .addNode("say", ({ got }) => ({ messages: [new AIMessage(got.join())] }))
    .addConditionalEdges(START, () => Array.from({ length: questions }, (_, n) => new Send("ask", { n })), ["ask"])
    .addEdge("ask", "say")
    .addEdge("say", END)
    .compile()
}

/** One node that asks so many questions, one after the other. */
function serial(questions: number) {
  return new StateGraph(MessagesAnnotation)
    .addNode("ask", () => {
      const got: string[] = []
      for (let n = 0; n < questions; n++) got.push(`${n}=${interrupt(n)}`)
      return { messages: [new AIMessage(got.join())] }
    })
    .addEdge(START, "ask")
    .compile()
}

/** Answers every question with ten times its value, until the run has ended. */
async function answerAll(h: Harness, conversation: string, run: string) {
  const answered = new Set<string>()
  for (;;) {
    const state = await h.until(conversation, (now) => {
      const isNews = now.interrupts.some(({ id, answer }) => !answer && !answered.has(id))
      return isNews || !["queued", "running", "waiting"].includes(runOf(now, run)?.status ?? "")
    })
    const news = state.interrupts.filter(({ id, answer }) => !answer && !answered.has(id))
    if (news.length === 0) return state
    for (const { id, value } of news) {
      answered.add(id)
      await h.answer(conversation, run, id, Number(value) * 10)
    }
  }
}

const told = (questions: number) => Array.from({ length: questions }, (_, n) => `${n}=${n * 10}`).join()

test.each([
  ["tasks that ask at once", parallel(25), 25],
  ["more tasks that ask at once than questions can be open", parallel(limits.stateOpenInterruptsMax + 2), 202],
  ["a node that asks 24 times", serial(24), 24],
] as const)("[RUN5] %s: every question is answered once", async (_, graph, questions) => {
  const h = await openHarness()
  const conversation = await h.conversation()
  await h.worker({ agent: graph })
  const run = await h.ask(conversation, "go")
  const state = await answerAll(h, conversation, run)
  expect(runOf(state, run)).toMatchObject({ status: "completed" })
  expect(saidIn(state, run)).toEqual([told(questions)])
})

test("[RUN6] a run that asks more than can be held fails and says so", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const run = await h.ask(conversation, "go")
  const by = { user: "ada", device: "phone" }
  const asked = Array.from({ length: limits.stateOpenRunInterruptsMax }, (_, n): EventBody[] => [
    { type: "input.requested", time: 0, run, interrupt: `i${n}`, value: n },
    { type: "input.responded", time: 0, by, run, interrupt: `i${n}`, value: n },
  ])
  await h.append(conversation, asked.flat())
  await h.worker({ agent: serial(1) })
  const failed = runOf(await h.ended(conversation, run), run)
  expect(failed).toMatchObject({ status: "failed", attempt: 1 })
  expect(failed?.error).toContain(`more than ${limits.stateOpenRunInterruptsMax} questions`)
})

test("[RUN1] [RUN3] [RUN7] a run that waits while others talk takes back what it says again, and the next one has its message", async () => {
  const h = await openHarness()
  const conversation = await h.conversation()
  const model = new WordModel(["Let me ", "ask."])
  const asking = new StateGraph(MessagesAnnotation)
    .addNode("ask", async () => {
      const said = await model.invoke("x")
      return { messages: [said, new AIMessage(String(interrupt("well?")))] }
    })
    .addEdge(START, "ask")
    .compile()
  const echo = new StateGraph(MessagesAnnotation)
    .addNode("echo", ({ messages }) => ({ messages: [new AIMessage(`You said ${messages.at(-1)?.text}`)] }))
    .addEdge(START, "echo")
    .compile()
  await h.worker({ agent: asking, echo })
  const run = await h.ask(conversation, "my order")
  const waiting = await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  const next = await h.ask(conversation, "and mine", "echo")
  const chatter = Array.from({ length: limits.stateMessagesMax + 30 }, (_, n): EventBody => {
    return { type: "message", time: 0, by: { user: "bob", device: "d" }, id: `c${n}`, key: `c${n}`, text: `chat ${n}` }
  })
  await h.append(conversation, chatter)
  await h.answer(conversation, run, waiting.interrupts[0]?.id ?? "", "yes")
  const state = await h.ended(conversation, next)
  expect(state.runs.map(({ status, error }) => [status, error])).toEqual([
    ["completed", undefined],
    ["completed", undefined],
  ])
  const rewinds = (await h.events(conversation)).filter((event) => event.type === "rewind")
  expect(rewinds).toMatchObject([{ run, attempt: 2, messages: [`${run}.0`] }])
  expect(saidIn(state, run)).toEqual(["Let me ask.", "yes"])
  expect(saidIn(state, next)).toEqual(["You said and mine"])
})
