/** Who has a slot, from look to look, by what nodes say that may be cut off from their cluster. */
import { ManualClock } from "../../../test/support/manual-clock.ts"
import type { ClusterView } from "../src/topology/cluster-view.ts"
import { OwnerMemory, rememberedMs } from "../src/topology/owner-memory.ts"

const at = (port: number) => ({ host: "10.0.0.1", port })
const all = [[0, 16_383]] as const

/** What a node says that takes these for the masters of these slots. */
function view(
  ...masters: readonly (readonly [port: number, epoch: number, slots?: ClusterView["masters"][0]["slots"]])[]
) {
  return {
    masters: masters.map(([port, epoch, slots = all]) => ({ address: at(port), epoch, slots })),
    nodes: masters.map(([port]) => at(port)),
  }
}

function remembering() {
  const clock = new ManualClock()
  const memory = new OwnerMemory(clock)
  return { clock, owner: (...views: ClusterView[]) => memory.look(views, [7]).get(7)?.port }
}

test("[LIN3] a master that was replaced is not gone back to where nothing but it is reached", async () => {
  const { clock, owner } = remembering()
  expect(owner(view([1, 3]))).toBe(1)
  expect(owner(view([1, 3]), view([2, 4]))).toBe(2)
  await clock.advance(rememberedMs - 1)
  expect(owner(view([1, 3]))).toBe(2)
  expect(owner(view([2, 4]))).toBe(2)
})

test("[LIN3] each slot is remembered by itself: what has moved does not bring the rest of its master along", () => {
  const memory = new OwnerMemory(new ManualClock())
  const ports = (...views: ClusterView[]) => [...memory.look(views, [1, 2]).values()].map(({ port }) => port)
  expect(ports(view([1, 3]))).toEqual([1, 1])
  expect(ports(view([1, 3, [[0, 1]]], [2, 4, [[2, 16_383]]]))).toEqual([1, 2])
  expect(ports(view([1, 3]))).toEqual([1, 2])
})

test("[LIN3] a slot that was moved by hand to a master with an earlier epoch is there, by those who know it", () => {
  const { owner } = remembering()
  const moved = view([1, 6, []], [2, 5])
  expect(owner(view([1, 6]))).toBe(1)
  expect(owner(view([1, 4, []], [2, 5]))).toBe(1)
  expect(owner(moved)).toBe(2)
  expect(owner(view([3, 4]), moved)).toBe(2)
})

test("[STO3] a cluster that was made anew, and counts from the beginning, is believed in time", async () => {
  const { clock, owner } = remembering()
  expect(owner(view([2, 40]))).toBe(2)
  expect(owner(view([1, 1]))).toBe(2)
  await clock.advance(rememberedMs)
  expect(owner(view([1, 1]))).toBe(1)
  expect(owner(view([2, 2]))).toBe(2)
})

test("a slot that nobody serves has no owner, whatever it had, and has the same one again", () => {
  const { owner } = remembering()
  expect(owner(view([1, 3]))).toBe(1)
  expect(owner(view())).toBeUndefined()
  expect(owner(view([1, 3]))).toBe(1)
})
