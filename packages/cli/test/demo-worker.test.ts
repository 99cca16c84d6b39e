/** The offline demo agent as people meet it: through the worker, in a conversation's log. */
import { Harness, runOf, saidIn } from "../../agent/test/support/harness.ts"
import { demoGraph } from "../src/demo/agent.ts"

let h: Harness
let conversation: string

async function meet(wordDelayMs = "0"): Promise<void> {
  h = await Harness.open()
  conversation = await h.conversation()
  await h.worker({ agent: demoGraph({ EVERTHREAD_DEMO_WORD_DELAY_MS: wordDelayMs }) })
}
afterEach(() => h.close())

test("a calculation shows the tool's call and its result", async () => {
  await meet()
  const run = await h.ask(conversation, "what is 2+3*4")
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run)).toEqual(["", "The result: 14"])
  const [call] = state.messages.flatMap((message) => message.blocks.flatMap(({ tool }) => tool ?? []))
  expect(call).toMatchObject({ name: "calculator", status: "finished", output: "14" })
})

test("a story arrives as many deltas that add up to its text", async () => {
  await meet()
  const run = await h.ask(conversation, "tell me a story")
  const [story] = saidIn(await h.ended(conversation, run), run)
  const deltas = (await h.events(conversation)).flatMap((event) => (event.type === "delta" ? [event.text] : []))
  expect(deltas.join("")).toBe(story)
  expect(story).toContain("Whose thread is it?")
})

test("[RUN5] a booking waits for a person's yes, on any device, and then happens", async () => {
  await meet()
  const run = await h.ask(conversation, "book a table for 3")
  const { interrupts } = await h.until(conversation, (state) => runOf(state, run)?.status === "waiting")
  expect(interrupts).toMatchObject([{ value: { actions: [{ name: "book_table", args: { people: 3 } }] } }])
  await h.answer(conversation, run, interrupts[0]?.id ?? "", "yes")
  const state = await h.ended(conversation, run)
  expect(saidIn(state, run).at(-1)).toBe("The result: Booked: a table for 3, tonight at seven.")
})

test("[RUN4] a story that is stopped keeps what was told, and the conversation goes on", async () => {
  await meet("5")
  const run = await h.ask(conversation, "tell me a story")
  await h.until(conversation, (state) => saidIn(state, run).join("").length > 0)
  await h.stop(conversation, run)
  const stopped = await h.ended(conversation, run)
  expect(runOf(stopped, run)?.status).toBe("stopped")
  expect(saidIn(stopped, run).join("").length).toBeGreaterThan(0)
  const next = await h.ask(conversation, "what is 1+1")
  expect(saidIn(await h.ended(conversation, next), next).at(-1)).toBe("The result: 2")
})
