/** What a graph is given in a conversation that was forked: nothing that its thread knows, everything else. */
import { type ConversationState, type EventBody, emptyState, reduceAll } from "@everthread/protocol"
import { runInput } from "../src/run-input.ts"

const by = { user: "ada", device: "phone" }
const copied = (id: string): EventBody => ({
  type: "copied",
  time: 0,
  message: { id, seq: 70, time: 0, role: "user", status: "complete", by, text: id, blocks: [] },
})

/** @param seen the last of the copied messages that the thread knows: they stand from 2 on. */
function fork(seen: number, agent = "agent"): ConversationState {
  const thread = { agent, checkpoint: "cp", seen, upTo: 4 }
  const bodies: EventBody[] = [
    { type: "conversation.created", time: 0, by, agent: "agent", from: { conversation: "c", seq: 9, thread } },
    ...["one", "two", "three"].map(copied),
    { type: "message", time: 0, by, id: "four", key: "four", text: "four", agent: "agent" },
    { type: "run.queued", time: 0, by, run: "r", agent: "agent", message: "four" },
  ]
  return reduceAll(
    emptyState,
    bodies.map((body, index) => ({ ...body, seq: index + 1 })),
  )
}

const given = (state: ConversationState) => {
  const [run] = state.runs
  return run ? runInput(state, run, 50).map(({ id }) => id) : []
}

test.each([
  [4, ["four"]],
  [3, ["three", "four"]],
  [0, ["one", "two", "three", "four"]],
])("[HIS5] with a thread that knows everything up to %s", (seen, ids) => {
  expect(given(fork(seen))).toEqual(ids)
})

test("[HIS5] an agent whose thread did not come along is given what people said", () => {
  expect(given(fork(4, "another"))).toEqual(["one", "two", "three", "four"])
})
