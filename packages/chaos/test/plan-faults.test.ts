/** What goes wrong when is the seed's business, and nothing is left out by chance. */
import { seededRandom } from "@everthread/sim"
import fc from "fast-check"
import type { Nemesis } from "../src/nemesis/nemesis.ts"
import { planFaults } from "../src/run/plan-faults.ts"

const nemesis = (name: string): Nemesis => ({
  name,
  about: name,
  lastsMs: { least: 500, most: 4_000 },
  unfit: () => undefined,
  begin: async () => undefined,
})
const some = (count: number) => Array.from({ length: count }, (_, index) => nemesis(`nemesis-${index}`))
const seeds = fc.integer({ min: 1, max: 1_000_000 })
const namesIn = (planned: ReturnType<typeof planFaults>) => planned.map(({ nemesis: { name } }) => name)

test("a seed plans the same every time", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const [one, again] = [1, 2].map(() => planFaults(some(12), 60_000, seededRandom(seed)))
      expect(one?.map(({ atMs, lastsMs }) => [atMs, lastsMs])).toEqual(
        again?.map(({ atMs, lastsMs }) => [atMs, lastsMs]),
      )
      expect(namesIn(one ?? [])).toEqual(namesIn(again ?? []))
    }),
  )
})

test("in a minute every one of as many as there is time for comes, and none twice before all have come", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 40 }), (seed, count) => {
      const names = namesIn(planFaults(some(count), 60_000, seededRandom(seed)))
      expect(new Set(names).size).toBe(count)
      expect(new Set(names.slice(0, count)).size).toBe(count)
    }),
  )
})

test("each begins and may last within what was asked for", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1_000, max: 60_000 }), (seed, ms) => {
      for (const { atMs, lastsMs } of planFaults(some(7), ms, seededRandom(seed))) {
        expect(atMs).toBeGreaterThan(0)
        expect(atMs).toBeLessThan(ms)
        expect(lastsMs).toBeGreaterThanOrEqual(500)
        expect(lastsMs).toBeLessThanOrEqual(4_000)
      }
    }),
  )
})

test("where nothing fits nothing is planned", () => {
  expect(planFaults([], 60_000, seededRandom(1))).toEqual([])
})
