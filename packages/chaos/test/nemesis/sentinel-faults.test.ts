/** Faults of a master with replicas and Sentinels: another one is master afterwards, and all follow it. */
import { type RedisServer, type SentinelGroup, until } from "@everthread/stage"
import type { Nemesis } from "../../src/nemesis/nemesis.ts"
import { killMaster, loseTail, pauseMaster, plannedFailover } from "../../src/nemesis/store/fail-over.ts"
import { always, type Bare, bareStore, leave } from "./bare-store.ts"

let bare: Bare
let group: SentinelGroup

beforeAll(async () => {
  bare = await bareStore("sentinel")
  const { store } = bare.deployment
  if (store.kind !== "sentinel") throw new Error("another store")
  group = store.group
})
afterAll(() => leave(bare))

async function begin(nemesis: Nemesis) {
  expect(nemesis.unfit(bare.deployment)).toBeUndefined()
  const harm = await nemesis.begin(bare.deployment, always(0.9))
  if (!harm) throw new Error(`${nemesis.name} found nothing to hit`)
  expect(harm.rollback).toBe(true)
  return harm
}

const nameOf = (server: RedisServer) => [...bare.deployment.servers].find(([, one]) => one === server)?.[0]

/** Everybody who runs is in sync with the new master, and nobody has the store. */
async function expectReplaced(before: RedisServer): Promise<void> {
  const master = await group.master()
  expect(master).not.toBe(before)
  expect(group.servers.map(({ state }) => state)).toEqual(group.servers.map(() => "running"))
  expect(await master.cli("INFO", "replication")).toContain("connected_slaves:2")
  const giveBack = bare.deployment.take("store")
  expect(giveBack).toBeDefined()
  giveBack?.()
}

test.each([
  ["is replaced by hand", plannedFailover, "running"],
  ["is killed", killMaster, "ended"],
  ["is frozen", pauseMaster, "frozen"],
])("[STO3] the master %s, and another one takes its place", async (_how, nemesis, state) => {
  const before = await group.master()
  const harm = await begin(nemesis)
  expect(harm.target).toBe(nameOf(before))
  expect(before.state).toBe(state)
  await harm.heal()
  await expectReplaced(before)
})

test("[LIN1] a master whose replicas hear nothing takes along what it was told meanwhile", async () => {
  const before = await group.master()
  await before.cli("SET", "early", "yes")
  await group.settled()
  let isBegun = false
  const begun = begin(loseTail).finally(() => {
    isBegun = true
  })
  const replicas = group.servers.filter((server) => server !== before)
  await until("the replicas to be cut off", async () => {
    const said = await Promise.all(replicas.map((replica) => replica.cli("INFO", "replication")))
    return said.every((text) => text.includes("master_port:1\r\n"))
  })
  expect(isBegun).toBe(false)
  await before.cli("SET", "late", "yes")
  await (await begun).heal()
  await expectReplaced(before)
  const after = await group.master()
  expect(await after.cli("GET", "early")).toBe("yes")
  expect(await after.command("EXISTS", "late")).toBe(0)
})
