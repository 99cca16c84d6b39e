/** What an answer has done that stays done when it is given anew. */
import { type Block, emptyState, type Interrupt } from "@everthread/protocol"
import { doneActions } from "../src/model/done-actions.ts"
import { answered } from "./support/messages.ts"

type Tool = NonNullable<Block["tool"]>

const call = (name: string, status: Tool["status"]): Block => ({
  ...{ kind: "tool_call", text: "{}", done: true },
  tool: { id: name, name, status },
})
const asked = (name: string, more: Partial<Interrupt> = {}): Interrupt => ({
  ...{ id: `q-${name}`, seq: 2, run: "r1", value: { question: "May I?", actions: [{ name }] } },
  answer: { by: { user: "ada", device: "phone" }, value: "yes" },
  ...more,
})
const doneAfter = (blocks: Block[], ...interrupts: Interrupt[]) =>
  doneActions({ ...emptyState, messages: [answered(3, "", { blocks })], interrupts }, "r1")

test("what somebody was asked about and what ran then, once each", () => {
  const blocks = [call("book_table", "finished"), call("book_table", "finished"), call("pay", "finished")]
  expect(doneAfter(blocks, asked("book_table"), asked("pay"))).toEqual(["book_table", "pay"])
})

test("nothing where nobody was asked, where it was not done, or where another run did it", () => {
  expect(doneAfter([call("calculator", "finished")])).toEqual([])
  expect(doneAfter([call("book_table", "called")], asked("book_table"))).toEqual([])
  expect(doneAfter([call("book_table", "finished")], asked("book_table", { run: "r2" }))).toEqual([])
})
