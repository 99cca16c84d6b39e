/** Some seeds of the simulation; `npm run sim` plays many more. What has found something is kept in `seeds.test.ts`. */
import { makePlan } from "../src/plan/make-plan.ts"
import { describePlan } from "../src/plan/plan.ts"
import { describeFinding, type Outcome, play } from "../src/play/play.ts"

const seeds = Array.from({ length: 40 }, (_, index) => index + 1)

async function findingsOf(seed: number): Promise<string> {
  const plan = makePlan(seed)
  const { findings } = await play(plan)
  return findings.length === 0 ? "" : [describePlan(plan), ...findings.map(describeFinding)].join("\n")
}

/** Everything that a seed decides. */
const told = ({ histories, timeline, happened }: Outcome) => JSON.stringify([histories, timeline.happened, happened])

test.each(seeds)(
  "[LOG1] [ACK1] [RUN2] [RUN3] whatever goes wrong with seed %d, every promise is kept",
  async (seed) => {
    expect(await findingsOf(seed)).toBe("")
  },
)

test("one seed is one history, to the last byte", async () => {
  for (const seed of [3, 7, 12]) {
    const [first, second] = [await play(makePlan(seed)), await play(makePlan(seed))]
    expect(first.happened).toBeGreaterThan(100)
    expect(told(second)).toBe(told(first))
  }
})

test("seeds differ", async () => {
  expect(told(await play(makePlan(3)))).not.toBe(told(await play(makePlan(4))))
})
