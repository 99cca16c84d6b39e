import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages"
import { Command, MemorySaver } from "@langchain/langgraph"
import { demoGraph, withAllCallsAnswered } from "../src/demo/agent.ts"
import { workOut } from "../src/demo/arithmetic.ts"
import { replyTo } from "../src/demo/offline-replies.ts"

const offline = { EVERTHREAD_DEMO_WORD_DELAY_MS: "0" }
let threads = 0

/** A conversation with the offline agent. */
function talk() {
  const graph = demoGraph(offline)
  graph.checkpointer = new MemorySaver()
  const config = { configurable: { thread_id: `t${++threads}` } }
  const answer = async (resume: unknown) => graph.invoke(new Command({ resume }), config)
  return { say: (text: string) => graph.invoke({ messages: [new HumanMessage(text)] }, config), answer }
}

const lastText = (state: { messages: { text: string }[] }) => state.messages.at(-1)?.text ?? ""

test("without a key it says plainly that it is an offline demo model", async () => {
  expect(lastText(await talk().say("hello"))).toContain("offline demo model")
})

test("it answers Chinese in Chinese", async () => {
  expect(lastText(await talk().say("你好"))).toContain("离线演示模型")
})

test("it works arithmetic out with its tool", async () => {
  const state = await talk().say("what is 2+3*4?")
  expect(state.messages.map((message) => message.getType())).toEqual(["human", "ai", "tool", "ai"])
  expect(lastText(state)).toBe("The result: 14")
})

test("it tells a story that takes its time", async () => {
  expect(lastText(await talk().say("tell me a story")).length).toBeGreaterThan(400)
})

test.each([
  ["yes", "Booked: a table for 4, tonight at seven."],
  [{ approved: true }, "Booked: a table for 4, tonight at seven."],
  ["no", "A person declined this."],
  [{ approved: false }, "A person declined this."],
])("it books only after a person's yes: %j", async (given, outcome) => {
  const { say, answer } = talk()
  const asked = await say("book a table for 4")
  expect(asked).toHaveProperty("__interrupt__")
  const state = await answer(given)
  expect(lastText(state)).toContain(outcome)
})

test.each([
  ["同意", "Booked: a table for 4"],
  ["不同意", "A person declined this."],
])("it asks in the language of who wants it: %s", async (given, outcome) => {
  const { say, answer } = talk()
  const question = { question: "您同意吗？", answers: ["同意", "不同意"] }
  expect(await say("订一张4人桌")).toMatchObject({ __interrupt__: [{ value: question }] })
  expect(lastText(await answer(given))).toContain(outcome)
})

test.each([
  ["book a table for 4", { people: 4, when: "tonight at seven" }],
  ["Book a table for 3 tomorrow at 19:30, please", { people: 3, when: "tomorrow at 19:30" }],
  ["reserve at 8pm for two", { people: 2, when: "at 8pm" }],
  ["book a table on Friday at noon for 6", { people: 6, when: "Friday at noon" }],
  ["订一张桌子", { people: 2, when: "今晚七点" }],
  ["预订明天晚上八点半，5个人", { people: 5, when: "明天晚上八点半" }],
])("without a key it books what was asked for, and says so: %s", (said, args) => {
  const { text, call } = replyTo(said)
  expect(call).toEqual({ name: "book_table", args })
  expect(text).toContain(args.when)
})

test("after a question that nobody answered the conversation goes on", async () => {
  const { say } = talk()
  await say("book a table")
  expect(lastText(await say("what is 1+1"))).toBe("The result: 2")
})

test("a call that was stopped is answered before a model sees it", () => {
  const called = (id: string) => new AIMessage({ content: "", tool_calls: [{ id, name: "clock", args: {} }] })
  const history = [
    called("a"),
    new ToolMessage({ tool_call_id: "a", content: "noon" }),
    called("b"),
    new HumanMessage("?"),
  ]
  expect(withAllCallsAnswered(history).map((message) => message.getType())).toEqual([
    "ai",
    "tool",
    "ai",
    "tool",
    "human",
  ])
})

test("arithmetic keeps precedence and brackets", () => {
  const cases = { "2+3*4": 14, "(2+3)*4": 20, "2^3^2": 512, "-2^2": -4, "10-4-3": 3, "7%4": 3, "1.5*2": 3, "2*-3": -6 }
  for (const [text, value] of Object.entries(cases)) expect([text, workOut(text)]).toEqual([text, value])
  for (const text of ["", "2+", "2+x", "(1", "1/0", "2 3"]) expect(() => workOut(text)).toThrow()
})
