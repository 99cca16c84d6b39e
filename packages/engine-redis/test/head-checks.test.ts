/** Looks that are owed: after a time without a connection, and for those who still listen. */
import { ManualClock } from "../../../test/support/manual-clock.ts"
import { fixedRandom } from "../../../test/support/seeded-random.ts"
import { headChecks } from "../src/delivery/head-checks.ts"
import { watch } from "../src/delivery/watched.ts"

test("[LOG9] a look that is owed to those who listen no more is not done, and done with", async () => {
  const clock = new ManualClock()
  const watched = watch("talk", 3)
  watched.count = 1
  let isReachable = false
  let asked = 0
  let tried = 0
  const checks = headChecks({
    clock,
    random: fixedRandom(0),
    watchedIn: () => [],
    partitions: () => [],
    heads: async (all) => {
      asked += 1
      return all.map(() => undefined)
    },
    isReachable: () => {
      tried += 1
      return isReachable
    },
    missed: () => undefined,
  })
  checks.owe([watched])
  watched.count = 0
  isReachable = true
  tried = 0
  await clock.advance(1_000)
  expect(asked).toBe(0)
  expect(tried).toBe(1)
  checks.close()
})
