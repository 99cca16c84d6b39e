/** What becomes of messages to a busy agent when they come to two nodes at the same moment. */
import { isOpen, limits } from "@everthread/protocol"
import { beginRun } from "../support/acting-worker.ts"
import { twoNodes } from "./two-nodes.ts"

const nodes = twoNodes({ agents: ["scribe"] })
let made = 0

async function room(more: object = {}) {
  const conversation = `busy-${++made}`
  const ada = await nodes().a.connect({ user: "ada" })
  await ada.must({ type: "create", key: "k", conversation, agent: "scribe", members: ["bob"], ...more })
  await ada.follow(conversation)
  const bob = await nodes().b.connect({ user: "bob" })
  await bob.follow(conversation)
  const open = () => ada.log(conversation).state.runs.filter(isOpen)
  return { conversation, ada, bob, open }
}

test("[QUE3] [NOD1] of twenty messages on two nodes that ask to be refused exactly one is taken", async () => {
  for (let round = 0; round < 5; round++) {
    const { conversation, ada, bob, open } = await room({ whenBusy: "reject" })
    const sends = Array.from({ length: 20 }, (_, index) =>
      (index % 2 ? ada : bob).request({ type: "send", key: `k${index}`, conversation, text: "me" }),
    )
    const replies = await Promise.all(sends)
    expect(replies.filter(({ type }) => type === "ok")).toHaveLength(1)
    for (const reply of replies) if (reply.type === "error") expect(reply.error.code).toBe("busy")
    await ada.until("its run is here", () => open().length === 1)
  }
})

test("[QUE7] [NOD1] of 130 messages on two nodes as many are taken as the limit says", async () => {
  const { conversation, ada, bob, open } = await room()
  const sends = Array.from({ length: limits.openRunsMax + 30 }, (_, index) =>
    (index % 2 ? ada : bob).request({ type: "send", key: `k${index}`, conversation, text: `m${index}` }),
  )
  const taken = (await Promise.all(sends)).filter(({ type }) => type === "ok")
  expect(taken).toHaveLength(limits.openRunsMax)
  await ada.until("all are here", () => open().length >= limits.openRunsMax)
  expect(open()).toHaveLength(limits.openRunsMax)
})

test("[QUE4] [NOD1] two interrupts on two nodes are both stored, and the run under way is asked to stop once", async () => {
  const { conversation, ada, bob, open } = await room()
  await ada.must({ type: "send", key: "one", conversation, text: "one" })
  await ada.until("the run is here", () => open().length === 1)
  await beginRun(nodes().a.engine, conversation, open()[0]?.id ?? "")
  const interrupt = { type: "send", key: "two", conversation, text: "two", whenBusy: "interrupt" }
  await Promise.all([ada.must(interrupt), bob.must(interrupt)])
  await ada.until("both are here", () => open().length === 3)
  expect(ada.log(conversation).events.filter(({ type }) => type === "run.stop")).toHaveLength(1)
})
