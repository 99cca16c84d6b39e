/** What an author writes with `ask`, and what becomes of it in the log. */
import { AIMessage } from "@langchain/core/messages"
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph"
import * as z from "zod"
import { ask, QuestionError } from "../src/langgraph/author/index.ts"
import { runOf, saidIn } from "./support/harness.ts"
import { openHarness } from "./support/open-harness.ts"

async function met(say: () => string) {
  const h = await openHarness()
  const conversation = await h.conversation()
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("ask", () => ({ messages: [new AIMessage(say())] }))
    .addEdge(START, "ask")
    .compile()
  await h.worker({ agent: graph })
  return { h, conversation, run: await h.ask(conversation, "hi") }
}

test("[ASK1] a zod schema types the answer, and travels as JSON Schema beside the question and its terms", async () => {
  const schema = z.object({ people: z.number().int().min(1), when: z.enum(["noon", "seven"]) })
  const { h, conversation, run } = await met(() => {
    const booking = ask({
      question: "When?",
      actions: [{ name: "book", args: { table: 4 } }],
      details: { hint: "by the window" },
      schema,
      expiresInMs: 60_000,
      default: { people: 2, when: "noon" },
    })
    const people: number = booking.people
    const when: "noon" | "seven" = booking.when
    return `${people} at ${when}`
  })
  const before = Date.now()
  const { interrupts } = await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  const [question] = interrupts
  expect(question).toMatchObject({
    value: { question: "When?", actions: [{ name: "book", args: { table: 4 } }], details: { hint: "by the window" } },
    schema: {
      type: "object",
      properties: { people: { type: "integer", minimum: 1 }, when: { enum: ["noon", "seven"] } },
      required: ["people", "when"],
    },
    default: { people: 2, when: "noon" },
  })
  expect(question?.expiresAt).toBeGreaterThan(before)
  await h.answer(conversation, run, question?.id ?? "", { people: 3, when: "seven" })
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(["3 at seven"])
})

test("without a default an answer may be null, and the compiler says so; a bare question is any JSON", async () => {
  const { h, conversation, run } = await met(() => {
    const perhaps: string | null = ask({ question: "a?", schema: z.string(), expiresInMs: 60_000 })
    // @ts-expect-error it may be null
    const surely: string = perhaps
    return `${surely} ${JSON.stringify(ask({ question: "b?" }))}`
  })
  for (const [index, value] of [null, { any: ["thing"] }].entries()) {
    const { interrupts } = await h.until(conversation, (state) =>
      state.interrupts.some((one, i) => i === index && !one.answer),
    )
    await h.answer(conversation, run, interrupts[index]?.id ?? "", value)
  }
  expect(saidIn(await h.ended(conversation, run), run)).toEqual(['null {"any":["thing"]}'])
})

test("an author's mistake is thrown where it is made", () => {
  const wrong = (terms: object) => () => ask({ question: "?", ...terms })
  expect(wrong({ schema: { pattern: "(" } })).toThrow(QuestionError)
  expect(wrong({ expiresInMs: -1 })).toThrow("expiresInMs has to be")
  expect(wrong({ default: 1 })).toThrow("give expiresInMs")
  expect(wrong({ expiresInMs: 5, schema: z.string(), default: 1 })).toThrow("does not fit")
})
