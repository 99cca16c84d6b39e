/** Who forks a conversation knows what came along. */
import { emptyState } from "@everthread/protocol"
import { readCopied } from "../src/model/copied-read.ts"
import { createStore } from "../src/platform/store.ts"

type Fork = Parameters<typeof readCopied>[0]
type Status = ReturnType<Fork["snapshot"]>["status"]

/** A fork whose log the test moves. */
function forked(status: Status) {
  const view = (status: Status, receipts: Readonly<Record<string, number>> = {}) =>
    ({ status, state: { ...emptyState, seq: 7, receipts } }) as ReturnType<Fork["snapshot"]>
  const store = createStore(view(status))
  const said: (number | undefined)[] = []
  const fork: Fork = {
    snapshot: store.snapshot,
    subscribe: store.subscribe,
    markRead: async (upTo) => {
      said.push(upTo)
      return { conversation: "f", cursor: "8-a", seq: 8, duplicate: false }
    },
  }
  return { fork, said, become: (...to: Parameters<typeof view>) => store.set(view(...to)) }
}

test("all that came along is read, and the log says so before anybody looks", async () => {
  const { fork, said, become } = forked("catching-up")
  let isDone = false
  const reading = readCopied(fork, "ada").then(() => {
    isDone = true
  })
  expect(said).toEqual([])
  become("live")
  await vi.waitFor(() => expect(said).toEqual([7]))
  expect(isDone).toBe(false)
  become("live", { ada: 7 })
  await reading
})

test("nobody waits for a fork that cannot be shown", async () => {
  const { fork } = forked("closed")
  await readCopied(fork, "ada")
})
