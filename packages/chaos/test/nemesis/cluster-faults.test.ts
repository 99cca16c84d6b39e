/** Faults of a cluster: slots are elsewhere, or somebody else serves them, and nothing that was stored is gone by a move. */
import { type Cluster, until } from "@everthread/stage"
import { killMaster, pauseMaster } from "../../src/nemesis/store/fail-over.ts"
import { moveSlots, slotsOf } from "../../src/nemesis/store/move-slots.ts"
import { always, type Bare, bareStore, leave } from "./bare-store.ts"

let bare: Bare
let cluster: Cluster

beforeAll(async () => {
  bare = await bareStore("cluster", 1, 1)
  const { store } = bare.deployment
  if (store.kind !== "cluster") throw new Error("another store")
  cluster = store.cluster
}, 120_000)
afterAll(() => leave(bare))

test("[STO7] the slots of conversations move, with all that is in them", async () => {
  const { conversations } = bare.deployment.crowd
  const [slot = 0] = await slotsOf(cluster, conversations)
  const from = await cluster.masterOf(slot)
  const harm = await moveSlots.begin(bare.deployment, always(0.9))
  await until("the slot to be elsewhere", async () => (await cluster.masterOf(slot)) !== from)
  await harm?.heal()
  expect(harm?.rollback).toBeUndefined()
  expect(await slotsOf(cluster, conversations)).toEqual([slot])
})

test.each([
  ["killed", killMaster, "ended"],
  ["frozen", pauseMaster, "frozen"],
])("[STO3] a master that is %s is replaced, and follows its successor afterwards", async (_how, nemesis, state) => {
  const [before] = await cluster.mastersNow()
  const harm = await nemesis.begin(bare.deployment, always(0))
  expect(harm?.rollback).toBe(true)
  expect(before?.state).toBe(state)
  await harm?.heal()
  const masters = await cluster.mastersNow()
  expect(masters).not.toContain(before)
  expect(masters).toHaveLength(cluster.masters.length)
  expect(cluster.running).toHaveLength(cluster.nodes.length)
})
