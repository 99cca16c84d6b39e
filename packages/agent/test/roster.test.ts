/** Who lives and serves what, by heartbeats and a clock of our own. */
import type { Announcement, Leases } from "@everthread/engine"
import { ManualClock } from "../../../test/support/manual-clock.ts"
import type { LogLine } from "../src/log-line.ts"
import { Roster } from "../src/roster.ts"

const leaseTtlMs = 1_000

/** What stands in a store, and what was done to it. */
class Stored {
  readonly workers = new Map<string, Announcement>()
  readonly counts = new Map<string, number>()
  readonly known = new Set<string>()
  isAway = false

  readonly leases: Pick<Leases, "announce" | "announced" | "withdraw" | "beats"> = {
    announce: async (announcement) => void this.workers.set(announcement.owner, announcement),
    announced: async () => {
      if (this.isAway) throw new Error("away")
      return { workers: [...this.workers.values()], agents: [...this.known] }
    },
    withdraw: async ({ owner, agents }) => {
      this.workers.delete(owner)
      for (const agent of agents) this.known.add(agent)
    },
    beats: async (owners) => new Map(owners.map((owner) => [owner, this.counts.get(owner) ?? 0])),
  }

  come(owner: string, agents: readonly string[], node = owner): void {
    this.counts.set(owner, 1)
    this.workers.set(owner, { owner, node, agents, isFull: false })
  }

  beat(owner: string): void {
    this.counts.set(owner, (this.counts.get(owner) ?? 0) + 1)
  }
}

function rosterOn(store: Stored) {
  const clock = new ManualClock()
  const lines: LogLine[] = []
  const roster = new Roster({ leases: store.leases, clock, leaseTtlMs, log: (line) => lines.push(line) })
  const own: Announcement = { owner: "me 0", node: "me", agents: [], isFull: false }
  return { clock, lines, roster, look: () => roster.refresh(own, "look") }
}

test("[AGT1] a worker that beats no more is struck off for everybody after the lease, and its agents stay known", async () => {
  const store = new Stored()
  store.come("one", ["a"])
  store.come("two", ["b"])
  const { clock, roster, look } = rosterOn(store)
  await look()
  for (let looks = 0; looks < 4; looks++) {
    await clock.advance(leaseTtlMs / 2)
    store.beat("two")
    await look()
  }
  expect([roster.isServed("a"), roster.isServed("b")]).toEqual([false, true])
  expect([...store.workers.keys()]).toEqual(["two"])
  expect(roster.names([])).toEqual(["b", "a"])
  expect(roster.served(["own"])).toEqual(["own", "b"])
})

test("[AGT1] one that was struck off while it was only paused announces itself again", async () => {
  const store = new Stored()
  const { roster } = rosterOn(store)
  const own: Announcement = { owner: "me 1", node: "me", agents: ["a"], isFull: false }
  await roster.refresh(own, "announce")
  await store.leases.withdraw(own)
  await roster.refresh(own, "look")
  expect(store.workers.size).toBe(0)
  await roster.refresh(own, "announce")
  expect(store.workers.get("me 1")).toEqual(own)
})

test("[AGT1] while the store is away what was known last stays known", async () => {
  const store = new Stored()
  store.come("one", ["a"])
  const { clock, roster, look } = rosterOn(store)
  await look()
  store.isAway = true
  await clock.advance(leaseTtlMs * 100)
  await expect(look()).rejects.toThrow("away")
  expect(roster.names([])).toEqual(["a"])
  store.isAway = false
  await look()
  expect(roster.isServed("a")).toBe(true)
})

test("[NOD5] a former life of our own name that beats no more is nobody to warn of", async () => {
  const store = new Stored()
  store.come("me 1", ["a"], "me")
  store.come("me 2", ["a"], "me")
  const { clock, lines, look } = rosterOn(store)
  await look()
  await clock.advance(leaseTtlMs / 2)
  await look()
  expect(lines).toEqual([])
  store.beat("me 2")
  await look()
  store.beat("me 2")
  await look()
  expect(lines.map(({ level }) => level)).toEqual(["warn"])
})
