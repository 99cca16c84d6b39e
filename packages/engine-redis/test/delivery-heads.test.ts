/** Looking at heads: what is looked at how often, what is believed, and what is owed while the store is away. */
import { ManualClock, settled } from "../../../test/support/manual-clock.ts"
import { fixedRandom } from "../../../test/support/seeded-random.ts"
import { headChecks } from "../src/delivery/head-checks.ts"
import { type Watched, watch } from "../src/delivery/watched.ts"

const partitionCount = 256

function bench() {
  const clock = new ManualClock()
  const all = new Map<number, Watched[]>()
  const heads = new Map<string, string>()
  const missed: string[] = []
  const asked: string[][] = []
  const store = { isReachable: true, fails: false, answer: async () => undefined as undefined }
  const checks = headChecks({
    clock,
    random: fixedRandom(0),
    partitions: () => all.keys(),
    watchedIn: (partition) => all.get(partition) ?? [],
    isReachable: () => store.isReachable,
    missed: ({ conversation }) => void missed.push(conversation),
    async heads(watched) {
      asked.push(watched.map(({ conversation }) => conversation))
      const found = watched.map(({ conversation }) => heads.get(conversation))
      await store.answer()
      if (store.fails) throw new Error("The store is away.")
      return found
    },
  })
  const add = (conversation: string, head: string, more: Partial<Watched> = {}) => {
    const partition = heads.size % partitionCount
    const watched = { ...watch(conversation, partition), count: 1, told: head, run: "none" as const, ...more }
    const inPartition = all.get(partition) ?? []
    inPartition.push(watched)
    all.set(partition, inPartition)
    heads.set(conversation, head)
    checks.stirred(watched)
    return watched
  }
  const looksAt = (conversation: string) => asked.flat().filter((one) => one === conversation).length
  return { clock, checks, store, heads, missed, asked, add, looksAt }
}

describe("looking at heads", () => {
  test("[LOG9] a silent run is looked at each second, one that speaks hardly, everything else every fifteen", async () => {
    const { clock, add, looksAt, missed } = bench()
    add("silent run", "5-1", { run: "at-work" })
    const speaks = add("speaks", "5-1", { run: "at-work" })
    add("idle", "5-1")
    for (let second = 0; second < 60; second++) {
      speaks.wasHeard = true
      await clock.advance(1_000)
    }
    expect(looksAt("silent run")).toBe(60)
    expect([looksAt("speaks"), looksAt("idle")]).toEqual([4, 4])
    expect(missed).toEqual([])
  })

  test("[LOG9] one of which nothing is known yet is looked at within a second, and then rests", async () => {
    const { clock, add, looksAt } = bench()
    add("fresh", "5-1", { run: "unknown" })
    await clock.advance(14_000)
    expect(looksAt("fresh")).toBeLessThanOrEqual(2)
    expect(looksAt("fresh")).toBeGreaterThanOrEqual(1)
  })

  test("[LOG9] a head that is ahead is believed when it was seen twice and nothing was heard", async () => {
    const { clock, add, heads, missed } = bench()
    const watched = add("c", "5-1", { run: "at-work" })
    heads.set("c", "6-1")
    await clock.advance(1_000)
    expect([missed, watched.told]).toEqual([[], "5-1"])
    await clock.advance(1_000)
    expect([missed, watched.told]).toEqual([["c"], "6-1"])
    await clock.advance(30_000)
    expect(missed).toEqual(["c"])
  })

  test("[LOG5] a publication that was under way is not missed", async () => {
    const { clock, add, heads, missed } = bench()
    const watched = add("c", "5-1", { run: "at-work" })
    heads.set("c", "6-1")
    await clock.advance(1_000)
    watched.told = "6-1"
    watched.awaited = undefined
    await clock.advance(30_000)
    expect(missed).toEqual([])
  })

  test.each([
    ["behind", "4-1"],
    ["of another history", "5-2"],
    ["gone", undefined],
  ])("[LIN1] a head that is %s is believed at once", async (_, head) => {
    const { clock, add, heads, missed } = bench()
    const watched = add("c", "5-1", { run: "at-work" })
    if (head) heads.set("c", head)
    else heads.delete("c")
    await clock.advance(1_000)
    expect([missed, watched.told]).toEqual([["c"], head ?? "0-0"])
  })

  test("[LOG5] an answer from before something was heard says nothing", async () => {
    const { clock, store, add, heads, missed } = bench()
    const watched = add("c", "5-1", { run: "at-work" })
    heads.set("c", "4-1")
    store.answer = async () => {
      watched.told = "6-1"
      heads.set("c", "6-1")
    }
    await clock.advance(30_000)
    expect(missed).toEqual([])
  })

  test("[LOG9] after the node was out of touch only those who missed something are told, once the store answers", async () => {
    const { clock, checks, store, add, heads, missed, asked } = bench()
    const [same, ahead, behind] = [add("same", "5-1"), add("ahead", "5-1"), add("behind", "5-1")]
    heads.set("ahead", "6-1").set("behind", "3-1")
    store.fails = true
    for (const one of [same, ahead, behind, same]) checks.owe([one])
    await clock.advance(1_000)
    store.isReachable = false
    const before = asked.length
    await clock.advance(1_000)
    expect([asked.length, missed]).toEqual([before, []])
    store.isReachable = true
    store.fails = false
    await clock.advance(200)
    expect(missed.sort()).toEqual(["ahead", "behind"])
    const { length } = asked
    await clock.advance(500)
    expect(asked).toHaveLength(length)
  })

  test("[LOG5] what is owed several times is looked at once", async () => {
    const { clock, checks, store, add, looksAt } = bench()
    const watched = add("c", "5-1")
    store.isReachable = false
    for (let times = 0; times < 100; times++) checks.owe([watched])
    store.isReachable = true
    await clock.advance(100)
    expect(looksAt("c")).toBe(1)
  })

  test("[CON6] of very many a bounded number is asked for at once", async () => {
    const { clock, store, add, asked } = bench()
    const release: (() => void)[] = []
    store.answer = () => new Promise((resolve) => void release.push(() => resolve(undefined)))
    for (let index = 0; index < 100_000; index++) add(`c${index}`, "5-1")
    await clock.advance(20_000)
    expect(asked).toHaveLength(16)
    expect(Math.max(...asked.map(({ length }) => length))).toBeLessThanOrEqual(100)
    for (const next of release.splice(0)) next()
    await settled()
    await clock.advance(100)
    expect(asked.length).toBeLessThanOrEqual(32)
  })
})
